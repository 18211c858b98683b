package io.github.raspberryspy.segments.faults;

import java.time.Duration;

/**
 * What a bad network does to the bytes of one direction.
 *
 * <p>Source: the toxics of Shopify's toxiproxy, README.md, section "Toxics".
 */
public sealed interface Toxic {

  /**
   * Everything arrives later.
   *
   * @param delay of each byte
   * @param jitter the delay varies by so much either way; order stays
   */
  record Latency(Duration delay, Duration jitter) implements Toxic {}

  /** No more than so many bytes a second get through. */
  record Bandwidth(long bytesPerSecond) implements Toxic {}

  /** The end of the stream arrives so much later. */
  record SlowClose(Duration delay) implements Toxic {}

  /**
   * Nothing arrives any more, and the connection ends after this time; zero for never, which is
   * what a cable that was pulled looks like.
   */
  record Timeout(Duration after) implements Toxic {}

  /**
   * Arrives in small pieces.
   *
   * @param averageBytes of a piece, from 1
   * @param variation a piece has so many bytes more or fewer, below the average
   * @param delay between two pieces
   */
  record Slicer(int averageBytes, int variation, Duration delay) implements Toxic {}

  /** The connection ends once so many bytes went through. */
  record LimitData(long bytes) implements Toxic {}
}
