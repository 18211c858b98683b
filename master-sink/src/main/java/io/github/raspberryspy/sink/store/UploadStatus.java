package io.github.raspberryspy.sink.store;

/**
 * How far an upload is.
 *
 * @param token names it
 * @param offset bytes that are here; all of them where the segment is verified
 * @param length bytes of the whole
 */
public record UploadStatus(String token, long offset, long length) {}
