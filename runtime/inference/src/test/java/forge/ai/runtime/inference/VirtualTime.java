package forge.ai.runtime.inference;

import java.util.HashMap;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * A clock that stands still while anything is done and goes on to the next moment when all threads wait. Of its threads
 * one runs at a time, so that a run is the same each time; they are what callers and workers are in production.
 */
final class VirtualTime implements Time, Threads {

    private final PriorityQueue<Event> events = new PriorityQueue<>();
    private final Map<Thread, Participant> participants = new HashMap<>();
    private final Semaphore idle = new Semaphore(0);
    private long now = TimeUnit.HOURS.toNanos(1);
    private long order;

    /** A thread; what is here is touched by whoever runs. */
    private static final class Participant {
        private final Semaphore turn = new Semaphore(0);
        private final Thread thread;
        private boolean parked;
        private boolean permit;

        /** Events with an older number are void. */
        private long ticket;

        Participant(Thread.Builder kind, Runnable task) {
            thread = kind.unstarted(task);
        }
    }

    private record Event(long at, long order, Participant who, long ticket) implements Comparable<Event> {
        @Override
        public int compareTo(Event other) {
            return at == other.at ? Long.compare(order, other.order) : Long.compare(at, other.at);
        }
    }

    @Override
    public long now() {
        return now;
    }

    /** Has a caller's thread do something at some time. */
    Thread at(long moment, Runnable task) {
        return begin(moment, Thread.ofVirtual(), task);
    }

    @Override
    public void start(Runnable task, boolean brief) {
        begin(now, brief ? Thread.ofVirtual() : Thread.ofPlatform().daemon(), task);
    }

    private Thread begin(long moment, Thread.Builder kind, Runnable task) {
        Participant[] self = new Participant[1];
        Participant participant = new Participant(kind, () -> {
            self[0].turn.acquireUninterruptibly();
            try {
                task.run();
            } finally {
                participants.remove(Thread.currentThread());
                idle.release();
            }
        });
        self[0] = participant;
        participants.put(participant.thread, participant);
        schedule(participant, moment);
        participant.thread.start();
        return participant.thread;
    }

    private void schedule(Participant who, long moment) {
        events.add(new Event(moment, order++, who, who.ticket));
    }

    /** Until nothing is to be done any more, or the time has come. */
    void runUntil(long moment) throws InterruptedException {
        for (Event next = events.peek(); next != null && next.at <= moment; next = events.peek()) {
            events.poll();
            if (next.ticket == next.who.ticket) {
                now = Math.max(now, next.at);
                next.who.ticket++;
                next.who.parked = false;
                next.who.turn.release();
                if (!idle.tryAcquire(20, TimeUnit.SECONDS)) {
                    throw new IllegalStateException("a thread waits for something else than this clock");
                }
            }
        }
    }

    /** How many threads wait for what does not come. */
    int stranded() {
        return participants.size();
    }

    void sleep(long nanos) {
        Participant me = participants.get(Thread.currentThread());
        schedule(me, now + nanos);
        pause(me);
    }

    private void pause(Participant me) {
        idle.release();
        me.turn.acquireUninterruptibly();
    }

    @Override
    public void park(Object blocker, long nanos) {
        Participant me = participants.get(Thread.currentThread());
        if (me.permit) {
            me.permit = false;
            return;
        }
        me.parked = true;
        if (nanos != Long.MAX_VALUE) {
            schedule(me, now + nanos);
        }
        pause(me);
    }

    @Override
    public void unpark(Thread thread) {
        Participant who = participants.get(thread);
        if (who == null) {
            return;
        }
        if (who.parked) {
            who.parked = false;
            who.ticket++;
            schedule(who, now);
        } else {
            who.permit = true;
        }
    }

    void interrupt(Thread thread) {
        thread.interrupt();
        unpark(thread);
    }
}
