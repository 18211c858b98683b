package io.github.raspberryspy.sink.retention;

/**
 * A segment that has to go.
 *
 * @param candidate which
 * @param reason why
 */
record Doomed(Candidate candidate, Reason reason) {}
