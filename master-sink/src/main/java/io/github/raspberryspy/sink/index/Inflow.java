package io.github.raspberryspy.sink.index;

import java.time.Instant;

/**
 * What came of one camera since some moment, and nobody saved.
 *
 * @param camera its name
 * @param bytes its size
 * @param since when the first of it was received, by the master's clock
 */
public record Inflow(String camera, long bytes, Instant since) {}
