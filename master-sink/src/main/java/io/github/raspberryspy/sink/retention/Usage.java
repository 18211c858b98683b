package io.github.raspberryspy.sink.retention;

import java.time.Instant;

/**
 * How things stand.
 *
 * @param usedBytes footage there is, saved segments included
 * @param missingBytes how much less is free on the disk than has to be; not above 0 where enough is
 * @param now by the master's clock
 */
record Usage(long usedBytes, long missingBytes, Instant now) {}
