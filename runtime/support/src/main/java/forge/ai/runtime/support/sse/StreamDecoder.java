package forge.ai.runtime.support.sse;

import forge.ai.runtime.support.stream.PieceDecoder;

/** Turns the events of one vendor's stream into those of an answer. Used by one thread. */
public interface StreamDecoder extends PieceDecoder<SseEvent> {}
