package io.github.raspberryspy.sink.index;

import java.util.List;

/**
 * One page of a listing.
 *
 * @param segments on this page
 * @param total on all pages
 */
public record SegmentPage(List<StoredSegment> segments, long total) {

  /** Copies the list. */
  public SegmentPage {
    segments = List.copyOf(segments);
  }
}
