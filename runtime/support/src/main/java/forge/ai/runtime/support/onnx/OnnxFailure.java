package forge.ai.runtime.support.onnx;

/** What ONNX Runtime said went wrong; it never leaves the backend. */
public final class OnnxFailure extends Exception {

    /** That something failed of which no more is said, as the C API numbers it. */
    public static final int OTHER = 1;

    /** That an argument is wrong, as the C API numbers it. */
    public static final int INVALID_ARGUMENT = 2;

    /** That something is not implemented, as the C API numbers it. */
    public static final int NOT_IMPLEMENTED = 9;

    private static final long serialVersionUID = 1;

    private final int code;
    private final boolean device;

    private OnnxFailure(int code, boolean device, String message) {
        super(message);
        this.code = code;
        this.device = device;
    }

    /** @param code that of the C API, {@code OrtErrorCode} */
    public static OnnxFailure of(int code, String message) {
        return new OnnxFailure(code, false, message);
    }

    /** The same, told when a device was to be used. */
    public OnnxFailure ofDevice() {
        return new OnnxFailure(code, true, getMessage());
    }

    int code() {
        return code;
    }

    boolean device() {
        return device;
    }
}
