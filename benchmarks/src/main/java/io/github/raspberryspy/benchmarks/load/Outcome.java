package io.github.raspberryspy.benchmarks.load;

import io.github.raspberryspy.segments.DurableFiles;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.LongAdder;

/** What the cameras of a {@link FleetLoad} met with. Thread-safe. */
final class Outcome {

  private final byte[] video;
  private final Map<Long, String> checksums = new ConcurrentHashMap<>();
  private final ConcurrentLinkedQueue<Long> pieces = new ConcurrentLinkedQueue<>();
  private final ConcurrentLinkedQueue<Long> receipts = new ConcurrentLinkedQueue<>();
  private final ConcurrentLinkedQueue<String> failures = new ConcurrentLinkedQueue<>();
  private final LongAdder bytes = new LongAdder();

  Outcome(byte[] video) {
    this.video = video;
  }

  /** SHA-256 of a part of the video, in base64; computed once, or the load would cost the most. */
  String checksum(int from, int to) {
    return checksums.computeIfAbsent(
        (long) from << 32 | to,
        key -> {
          MessageDigest digest = DurableFiles.sha256();
          digest.update(video, from, to - from);
          return Base64.getEncoder().encodeToString(digest.digest());
        });
  }

  /** A piece was answered so long after it was due. */
  void durable(long nanos, long length) {
    pieces.add(nanos);
    bytes.add(length);
  }

  /** A receipt came so long after the segment closed. */
  void verified(long nanos) {
    receipts.add(nanos);
  }

  /** A camera gave up. */
  void failed(Throwable why) {
    failures.add(String.valueOf(why));
  }

  boolean isFine() {
    return failures.isEmpty();
  }

  /** One line of JSON. */
  String json(double seconds) {
    return String.format(
        Locale.ROOT,
        "{\"seconds\":%.1f,\"bytes\":%d,\"receipts\":%d,\"receiptMs\":%s,\"pieceMs\":%s,"
            + "\"failures\":%d,\"failure\":\"%s\"}",
        seconds,
        bytes.sum(),
        receipts.size(),
        quantiles(receipts),
        quantiles(pieces),
        failures.size(),
        failures.isEmpty() ? "" : failures.peek().replaceAll("[\"\\\\\\p{Cntrl}]", " "));
  }

  private static String quantiles(ConcurrentLinkedQueue<Long> times) {
    long[] sorted = times.stream().mapToLong(Long::longValue).toArray();
    Arrays.sort(sorted);
    return String.format(
        Locale.ROOT,
        "{\"p50\":%.1f,\"p95\":%.1f,\"p99\":%.1f,\"most\":%.1f}",
        Quantiles.milliseconds(sorted, 0.5),
        Quantiles.milliseconds(sorted, 0.95),
        Quantiles.milliseconds(sorted, 0.99),
        Quantiles.milliseconds(sorted, 1));
  }
}
