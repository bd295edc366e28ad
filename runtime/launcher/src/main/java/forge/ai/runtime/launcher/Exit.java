package forge.ai.runtime.launcher;

/** Ends the program with one line for people and an exit status. */
final class Exit extends RuntimeException {

    private static final long serialVersionUID = 1;

    /** Anything but what has a status of its own. */
    static final int FAILED = 1;
    /** There is no Java that can run the runtime. */
    static final int NO_JAVA = 2;
    /** Somebody else listens at the address. */
    static final int ADDRESS_TAKEN = 3;

    private final int status;

    Exit(int status, String line) {
        super(line);
        this.status = status;
    }

    static Exit failed(String line) {
        return new Exit(FAILED, line);
    }

    int status() {
        return status;
    }
}
