package io.github.raspberryspy.segments.spool;

import java.time.Instant;
import java.util.Optional;

/**
 * What a camera's spool remembers between processes.
 *
 * @param key the camera's key, 8 hexadecimal digits, drawn when the spool was created
 * @param run number of the latest run; 0 before the first
 * @param recordedUntil where the latest sealed segment ends, if there was one
 */
public record SpoolState(String key, long run, Optional<Instant> recordedUntil) {}
