package forge.ai.backend.onnxffm;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A value of the library.
 *
 * @param handle its {@code OrtValue}
 * @param memory what it lies over, kept from being freed
 */
record ForeignValue(MemorySegment handle, @Nullable ByteBuffer memory) {}
