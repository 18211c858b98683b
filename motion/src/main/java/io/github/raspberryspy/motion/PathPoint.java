package io.github.raspberryspy.motion;

/**
 * Where a body was at one moment. Immutable.
 *
 * @param nanos capture time, on the clock of {@link System#nanoTime}
 * @param x the middle of the body, share of the picture's width
 * @param y the middle of the body, share of the picture's height
 * @param body its {@link Body#id}: where that changes, the path goes on with somebody else
 */
public record PathPoint(long nanos, double x, double y, long body) {}
