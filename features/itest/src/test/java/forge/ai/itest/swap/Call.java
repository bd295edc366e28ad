package forge.ai.itest.swap;

import java.io.IOException;

/** One way to call the runtime. */
@FunctionalInterface
interface Call {

    /**
     * Calls and checks the answer.
     *
     * @param caller who calls
     * @param number the how manieth call of this caller it is
     */
    void run(String caller, long number) throws IOException, InterruptedException, WrongAnswer;
}
