package forge.ai.runtime.models;

/**
 * What can be told of a file without reading it.
 *
 * @param path relative to the folder of its version
 * @param size in bytes
 * @param modified nanoseconds of its last change
 */
record FileStamp(String path, long size, long modified) {}
