package io.github.raspberryspy.sink.index;

import java.time.Instant;

/**
 * A camera that had a link once.
 *
 * @param camera its name
 * @param key the key of its spool
 * @param software its program and version
 * @param source what it films
 * @param lastHeard when it was last heard
 * @param state what it is from then on, where it is not heard again
 */
public record KnownCamera(
    String camera, String key, String software, String source, Instant lastHeard, String state) {}
