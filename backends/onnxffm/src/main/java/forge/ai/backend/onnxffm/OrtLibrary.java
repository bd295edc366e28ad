package forge.ai.backend.onnxffm;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import forge.ai.runtime.support.onnx.OnnxFailure;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;

/**
 * The shared library, which the bundle of ONNX Runtime has unpacked and loaded. Both ways of calling it meet in one
 * environment: it is counted, and made by the first.
 */
@SuppressWarnings("restricted")
final class OrtLibrary implements AutoCloseable {

    private static final Linker LINKER = Linker.nativeLinker();
    private static final int API_VERSION = 29;
    private static final int LAST = OrtFunction.GET_RESIZED_STRING_TENSOR_ELEMENT_BUFFER.place();
    private static final int LOG_ERROR = 3;
    private static final long TEXT_LIMIT = Integer.MAX_VALUE;

    private static final MethodHandle RUN = LINKER.downcallHandle(OrtFunction.RUN.descriptor());
    private static final MethodHandle OVER =
            LINKER.downcallHandle(OrtFunction.CREATE_TENSOR_WITH_DATA_AS_VALUE.descriptor());
    private static final MethodHandle TWO = LINKER.downcallHandle(FunctionDescriptor.of(ADDRESS, ADDRESS, ADDRESS));
    private static final MethodHandle RELEASE = LINKER.downcallHandle(FunctionDescriptor.ofVoid(ADDRESS));
    private static final MethodHandle CODE = LINKER.downcallHandle(FunctionDescriptor.of(JAVA_INT, ADDRESS));
    private static final MethodHandle TEXT = LINKER.downcallHandle(FunctionDescriptor.of(ADDRESS, ADDRESS));

    /** The library is let go once this is unreachable; that of the bundle stays until the process ends. */
    private final SymbolLookup symbols;

    private final MemorySegment[] functions = new MemorySegment[LAST + 1];
    private final MemorySegment run;
    private final MemorySegment over;
    private final MemorySegment environment;
    private final MemorySegment allocator;

    private OrtLibrary(Path file) throws OnnxFailure {
        symbols = SymbolLookup.libraryLookup(file, Arena.ofAuto());
        MemorySegment table = table().reinterpret((LAST + 1) * ADDRESS.byteSize());
        for (int i = 0; i <= LAST; i++) {
            functions[i] = table.getAtIndex(ADDRESS, i);
        }
        run = functions[OrtFunction.RUN.place()];
        over = functions[OrtFunction.CREATE_TENSOR_WITH_DATA_AS_VALUE.place()];
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment out = arena.allocate(ADDRESS);
            call(OrtFunction.CREATE_ENV, LOG_ERROR, arena.allocateFrom("onnxruntime"), out);
            environment = out.get(ADDRESS, 0);
            call(OrtFunction.GET_ALLOCATOR_WITH_DEFAULT_OPTIONS, out);
            allocator = out.get(ADDRESS, 0);
        }
    }

    /** @throws IllegalStateException if the library is not there */
    static OrtLibrary open() {
        String folder = System.getProperty("onnxruntime.native.path");
        if (folder == null) {
            throw new IllegalStateException("the bundle forge.ai.lib.onnxruntime has not been started");
        }
        try {
            return new OrtLibrary(Path.of(folder, System.mapLibraryName("onnxruntime")));
        } catch (OnnxFailure e) {
            throw new IllegalStateException("ONNX Runtime cannot be used: " + e.getMessage());
        }
    }

    private MemorySegment table() throws OnnxFailure {
        try {
            MethodHandle base = LINKER.downcallHandle(symbol("OrtGetApiBase"), FunctionDescriptor.of(ADDRESS));
            MemorySegment getApi = ((MemorySegment) base.invokeExact())
                    .reinterpret(ADDRESS.byteSize())
                    .get(ADDRESS, 0);
            MethodHandle api = LINKER.downcallHandle(getApi, FunctionDescriptor.of(ADDRESS, JAVA_INT));
            MemorySegment table = (MemorySegment) api.invokeExact(API_VERSION);
            if (table.equals(MemorySegment.NULL)) {
                throw OnnxFailure.of(OnnxFailure.NOT_IMPLEMENTED, "it has no interface of version " + API_VERSION);
            }
            return table;
        } catch (Throwable e) {
            throw passedOn(e);
        }
    }

    private MemorySegment symbol(String name) {
        return symbols.find(name).orElseThrow(() -> new IllegalStateException("the library has no " + name));
    }

    MemorySegment environment() {
        return environment;
    }

    MemorySegment allocator() {
        return allocator;
    }

    /** Calls a function that is not called often: this takes microseconds. */
    void call(OrtFunction function, Object... arguments) throws OnnxFailure {
        call(functions[function.place()], function.descriptor(), arguments);
    }

    /** Has the CPUs stand where they are named among the providers. */
    void appendCpu(MemorySegment options, boolean arena) throws OnnxFailure {
        call(
                symbol("OrtSessionOptionsAppendExecutionProvider_CPU"),
                FunctionDescriptor.of(ADDRESS, OrtFunction.layouts("pi")),
                options,
                arena ? 1 : 0);
    }

    private void call(MemorySegment address, FunctionDescriptor descriptor, Object... arguments) throws OnnxFailure {
        MemorySegment status;
        try {
            status = (MemorySegment) LINKER.downcallHandle(address, descriptor).invokeWithArguments(arguments);
        } catch (Throwable e) {
            throw passedOn(e);
        }
        check(status);
    }

    /** Calls a function of two pointers, as most are that are called often. */
    void call(OrtFunction function, MemorySegment first, MemorySegment second) throws OnnxFailure {
        MemorySegment status;
        try {
            status = (MemorySegment) TWO.invokeExact(functions[function.place()], first, second);
        } catch (Throwable e) {
            throw passedOn(e);
        }
        check(status);
    }

    void run(
            MemorySegment session,
            MemorySegment options,
            MemorySegment names,
            MemorySegment inputs,
            long given,
            MemorySegment wanted,
            long count,
            MemorySegment outputs)
            throws OnnxFailure {
        MemorySegment status;
        try {
            status = (MemorySegment)
                    RUN.invokeExact(run, session, options, names, inputs, given, wanted, count, outputs);
        } catch (Throwable e) {
            throw passedOn(e);
        }
        check(status);
    }

    void over(MemorySegment info, MemorySegment data, MemorySegment shape, long rank, int type, MemorySegment out)
            throws OnnxFailure {
        MemorySegment status;
        try {
            status = (MemorySegment) OVER.invokeExact(over, info, data, data.byteSize(), shape, rank, type, out);
        } catch (Throwable e) {
            throw passedOn(e);
        }
        check(status);
    }

    void release(OrtFunction function, MemorySegment thing) {
        try {
            RELEASE.invokeExact(functions[function.place()], thing);
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    /** A text that the library has allocated, which is freed. */
    String text(MemorySegment pointer) throws OnnxFailure {
        String text = pointer.reinterpret(TEXT_LIMIT).getString(0);
        call(OrtFunction.ALLOCATOR_FREE, allocator, pointer);
        return text;
    }

    private void check(MemorySegment status) throws OnnxFailure {
        if (status.address() == 0) {
            return;
        }
        try {
            int code = (int) CODE.invokeExact(functions[OrtFunction.GET_ERROR_CODE.place()], status);
            MemorySegment message =
                    (MemorySegment) TEXT.invokeExact(functions[OrtFunction.GET_ERROR_MESSAGE.place()], status);
            throw OnnxFailure.of(code, message.reinterpret(TEXT_LIMIT).getString(0));
        } catch (Throwable e) {
            throw passedOn(e);
        } finally {
            release(OrtFunction.RELEASE_STATUS, status);
        }
    }

    private static OnnxFailure passedOn(Throwable e) {
        return switch (e) {
            case OnnxFailure failure -> failure;
            case RuntimeException unchecked -> throw unchecked;
            case Error error -> throw error;
            default -> throw new IllegalStateException(e);
        };
    }

    @Override
    public void close() {
        release(OrtFunction.RELEASE_ENV, environment);
    }
}
