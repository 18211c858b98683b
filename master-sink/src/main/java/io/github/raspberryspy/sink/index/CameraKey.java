package io.github.raspberryspy.sink.index;

import java.time.Instant;

/**
 * A camera's key.
 *
 * @param camera whose it is
 * @param key SHA-256 of the public key, in 64 hexadecimal digits
 * @param pairedAt since when
 */
public record CameraKey(String camera, String key, Instant pairedAt) {}
