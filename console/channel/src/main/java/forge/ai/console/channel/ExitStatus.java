package forge.ai.console.channel;

import org.apache.felix.service.command.Job;
import org.apache.felix.service.command.JobListener;

/** What the last job in the foreground of a session ended with: commands such as {@code grep} fail without an exception. */
final class ExitStatus implements JobListener {

    private volatile int value;

    @Override
    public void jobChanged(Job job, Job.Status previous, Job.Status current) {
        if (current == Job.Status.Done && previous == Job.Status.Foreground && job.parent() == null) {
            value = job.result().isSuccess() ? 0 : 1;
        }
    }

    int value() {
        return value;
    }
}
