package io.github.raspberryspy.benchmarks.load;

import io.github.raspberryspy.segments.ManifestCodec;
import io.github.raspberryspy.segments.ManifestException;
import io.github.raspberryspy.segments.SegmentId;
import io.github.raspberryspy.segments.SegmentManifest;
import io.github.raspberryspy.segments.wire.CameraCredential;
import io.github.raspberryspy.segments.wire.Receipt;
import io.github.raspberryspy.segments.wire.Tus;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/**
 * One camera of {@link FleetLoad}: sends the same video again and again as segments of its own, a
 * piece a second as a recorder makes them durable, and the manifest after the last piece. It waits
 * for each answer; a late one delays what comes after it, as with a real camera.
 */
final class PlayedCamera {

  private final HttpClient client;
  private final URI master;
  private final CameraCredential credential;
  private final SegmentManifest model;
  private final byte[] video;
  private final boolean isTail;
  private final Outcome outcome;

  /**
   * Makes one.
   *
   * @param model of the video; the camera's own differ in id and times
   * @param isTail whether it announces segments that are still open, whose length is not known
   */
  PlayedCamera(
      HttpClient client,
      URI master,
      CameraCredential credential,
      SegmentManifest model,
      byte[] video,
      boolean isTail,
      Outcome outcome) {
    this.client = client;
    this.master = master;
    this.credential = credential;
    this.model = model;
    this.video = video;
    this.isTail = isTail;
    this.outcome = outcome;
  }

  /** Plays so many segments, the first piece of the first one after a delay. */
  CompletableFuture<Void> play(int segments, int pieces, Duration delay) {
    long start = System.nanoTime() + delay.toNanos();
    CompletableFuture<Void> all = CompletableFuture.completedFuture(null);
    for (int i = 0; i < segments; i++) {
      int number = i;
      long begin = start + TimeUnit.SECONDS.toNanos((long) pieces * i);
      all = all.thenCompose(done -> segment(number, pieces, begin));
    }
    return all;
  }

  private CompletableFuture<Void> segment(int number, int pieces, long begin) {
    SegmentManifest manifest = manifest(number);
    CompletableFuture<URI> upload =
        due(begin).thenCompose(due -> send(creation(manifest))).thenApply(this::location);
    for (int i = 0; i < pieces; i++) {
      int from = (int) ((long) video.length * i / pieces);
      int to = (int) ((long) video.length * (i + 1) / pieces);
      long at = begin + TimeUnit.SECONDS.toNanos(i + 1L);
      upload =
          upload.thenCompose(
              at0 ->
                  due(at)
                      .thenCompose(due -> send(piece(at0, from, to)))
                      .thenApply(
                          answer -> {
                            outcome.durable(System.nanoTime() - at, to - from);
                            return at0;
                          }));
    }
    long closed = begin + TimeUnit.SECONDS.toNanos(pieces);
    return upload
        .thenCompose(to -> isTail ? send(claim(manifest)).thenApply(this::location) : done(to))
        .thenCompose(to -> send(seal(to, manifest)))
        .thenAccept(answer -> receipt(answer, manifest, closed));
  }

  private void receipt(HttpResponse<byte[]> answer, SegmentManifest manifest, long closed) {
    try {
      Receipt receipt = Receipt.decode(answer.body());
      if (!receipt.vouchesFor(credential, manifest.id(), manifest.content())) {
        throw new IllegalStateException("a receipt that vouches for nothing");
      }
      outcome.verified(System.nanoTime() - closed);
    } catch (ManifestException e) {
      throw new IllegalStateException("no receipt", e);
    }
  }

  private SegmentManifest manifest(int number) {
    SegmentId id = model.id();
    return Copies.of(model, new SegmentId(credential.camera(), id.key(), id.run(), number), number);
  }

  private HttpRequest creation(SegmentManifest manifest) {
    return isTail
        ? request(master.resolve(Tus.PATH))
            .header("Upload-Defer-Length", "1")
            .header(Tus.METADATA, Tus.META_ID + " " + base64(manifest.id().toString()))
            .POST(BodyPublishers.noBody())
            .build()
        : claim(manifest);
  }

  private HttpRequest claim(SegmentManifest manifest) {
    return request(master.resolve(Tus.PATH))
        .header(Tus.LENGTH, Long.toString(video.length))
        .header(
            Tus.METADATA,
            Tus.META_ID
                + " "
                + base64(manifest.id().toString())
                + ","
                + Tus.META_SHA256
                + " "
                + base64(manifest.content().sha256()))
        .POST(BodyPublishers.noBody())
        .build();
  }

  private HttpRequest piece(URI upload, int from, int to) {
    return request(upload)
        .header(Tus.OFFSET, Integer.toString(from))
        .header("Content-Type", Tus.CONTENT_TYPE)
        .header(Tus.CHECKSUM, "sha256 " + outcome.checksum(from, to))
        .method("PATCH", BodyPublishers.ofByteArray(video, from, to - from))
        .build();
  }

  private HttpRequest seal(URI upload, SegmentManifest manifest) {
    return request(URI.create(upload + "/manifest"))
        .header("Content-Type", "application/json")
        .PUT(BodyPublishers.ofByteArray(ManifestCodec.encode(manifest)))
        .build();
  }

  private HttpRequest.Builder request(URI uri) {
    return HttpRequest.newBuilder(uri)
        .header("Authorization", "Bearer " + credential.token())
        .header(Tus.RESUMABLE, Tus.VERSION);
  }

  private CompletableFuture<HttpResponse<byte[]>> send(HttpRequest request) {
    return client
        .sendAsync(request, BodyHandlers.ofByteArray())
        .thenApply(
            answer -> {
              if (answer.statusCode() / 100 != 2) {
                throw new IllegalStateException(
                    request.method()
                        + " was answered with "
                        + answer.statusCode()
                        + " "
                        + Arrays.toString(answer.body()));
              }
              return answer;
            });
  }

  private URI location(HttpResponse<byte[]> answer) {
    return master.resolve(answer.headers().firstValue("Location").orElseThrow());
  }

  private static <T> CompletableFuture<T> done(T value) {
    return CompletableFuture.completedFuture(value);
  }

  private static CompletableFuture<Void> due(long nanos) {
    long wait = Math.max(0, nanos - System.nanoTime());
    Executor later = CompletableFuture.delayedExecutor(wait, TimeUnit.NANOSECONDS);
    return CompletableFuture.runAsync(() -> {}, later);
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }
}
