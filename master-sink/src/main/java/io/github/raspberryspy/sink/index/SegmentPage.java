package io.github.raspberryspy.sink.index;

import java.util.List;
import java.util.Optional;

/**
 * One page of a listing.
 *
 * @param segments on this page
 * @param total on all pages, from 0
 * @param hasMore whether there are more than the total, which is not counted further
 * @param next where the next page begins; empty on the last one
 */
public record SegmentPage(
    List<StoredSegment> segments, long total, boolean hasMore, Optional<SegmentPosition> next) {

  /** Copies the list. */
  public SegmentPage {
    segments = List.copyOf(segments);
  }
}
