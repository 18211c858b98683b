package io.github.raspberryspy.sink.store;

import io.github.raspberryspy.segments.Content;
import io.github.raspberryspy.segments.SegmentId;

/**
 * What a camera says it is going to upload.
 *
 * @param id which segment
 * @param content its size and hash
 */
public record UploadClaim(SegmentId id, Content content) {}
