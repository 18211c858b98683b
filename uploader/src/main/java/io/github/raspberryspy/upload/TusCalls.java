package io.github.raspberryspy.upload;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.github.raspberryspy.segments.Content;
import io.github.raspberryspy.segments.DurableFiles;
import io.github.raspberryspy.segments.SegmentId;
import io.github.raspberryspy.segments.wire.Tus;
import io.github.raspberryspy.upload.UploadException.Kind;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The single requests of the upload protocol. Each has one deadline for the whole exchange, body
 * included, and can be aborted from another thread. Thread-safe.
 */
final class TusCalls implements AutoCloseable {

  /** Largest answer that is read. */
  static final int MAX_ANSWER_BYTES = 1 << 16;

  private final UploaderConfig config;
  private final ExecutorService executor;
  private final HttpClient client;
  private final Object lock = new Object();

  @GuardedBy("lock")
  private final IdentityHashMap<HttpRequest, CompletableFuture<?>> inFlight =
      new IdentityHashMap<>();

  @GuardedBy("lock")
  private boolean aborted;

  TusCalls(UploaderConfig config) {
    this.config = config;
    AtomicInteger count = new AtomicInteger();
    this.executor =
        Executors.newCachedThreadPool(
            task -> {
              Thread thread = new Thread(task, "upload-http-" + count.incrementAndGet());
              thread.setDaemon(true);
              return thread;
            });
    this.client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(config.connectTimeout())
            .executor(executor)
            .sslContext(config.tls())
            .sslParameters(TlsParameters.ofCamera())
            .build();
  }

  /** Creates the upload of a segment, or finds it again. */
  Answer create(SegmentId id, Content content) throws UploadException {
    return create(
        Tus.LENGTH,
        content.bytes(),
        metadata(Tus.META_ID, id.toString()) + "," + metadata(Tus.META_SHA256, content.sha256()));
  }

  /** Creates the upload of a segment that still grows, or finds it again. */
  Answer createOpen(SegmentId id) throws UploadException {
    return create(Tus.DEFER_LENGTH, 1, metadata(Tus.META_ID, id.toString()));
  }

  private Answer create(String header, long value, String metadata) throws UploadException {
    HttpRequest.Builder request =
        request(config.address(Tus.PATH))
            .header(header, Long.toString(value))
            .header(Tus.METADATA, metadata)
            .POST(BodyPublishers.noBody());
    return send(request, config.requestTimeout());
  }

  /** Asks how much the master has. */
  Answer head(URI upload) throws UploadException {
    return send(request(upload).method("HEAD", BodyPublishers.noBody()), config.requestTimeout());
  }

  /** Appends a part of a file, which is borrowed until this returns. */
  Answer patch(URI upload, FileBody body, boolean isChecked) throws UploadException {
    HttpRequest.Builder request =
        request(upload)
            .header("Content-Type", Tus.CONTENT_TYPE)
            .header(Tus.OFFSET, Long.toString(body.from()))
            .method("PATCH", body);
    if (isChecked) {
      MessageDigest digest = DurableFiles.sha256();
      digest.update(body.all());
      request.header(Tus.CHECKSUM, "sha256 " + Base64.getEncoder().encodeToString(digest.digest()));
    }
    return send(request, config.requestTimeout());
  }

  /** Puts the manifest, which seals the upload. */
  Answer seal(URI upload, byte[] manifest) throws UploadException {
    HttpRequest.Builder request =
        request(URI.create(upload + "/manifest"))
            .header("Content-Type", "application/json")
            .PUT(BodyPublishers.ofByteArray(manifest));
    return send(request, config.sealTimeout());
  }

  /** Brings a picture of now that was asked for under this id. */
  Answer picture(String id, Instant captured, byte[] jpeg) throws UploadException {
    HttpRequest.Builder request =
        request(config.address(Tus.SNAPSHOT_PATH + id))
            .header("Content-Type", "image/jpeg")
            .header(Tus.CAPTURED, captured.toString())
            .PUT(BodyPublishers.ofByteArray(jpeg));
    return send(request, config.requestTimeout());
  }

  /** Drops an upload. */
  Answer delete(URI upload) throws UploadException {
    return send(request(upload).DELETE(), config.requestTimeout());
  }

  /** Breaks the requests in flight off; every later one fails at once. */
  void abort() {
    List<CompletableFuture<?>> current;
    synchronized (lock) {
      aborted = true;
      current = List.copyOf(inFlight.values());
    }
    current.forEach(future -> future.cancel(true));
  }

  /** Aborts, and ends the threads. */
  @Override
  public void close() {
    abort();
    executor.shutdown();
  }

  private HttpRequest.Builder request(URI uri) {
    HttpRequest.Builder request = HttpRequest.newBuilder(uri).header(Tus.RESUMABLE, Tus.VERSION);
    config.token().ifPresent(token -> request.header("Authorization", "Bearer " + token));
    return request;
  }

  private Answer send(HttpRequest.Builder builder, Duration timeout) throws UploadException {
    HttpRequest request = builder.build();
    CompletableFuture<HttpResponse<byte[]>> future;
    synchronized (lock) {
      if (aborted) {
        throw new UploadException(Kind.CANCELLED, "the uploader is closed");
      }
      future = client.sendAsync(request, LimitedBody.upTo(MAX_ANSWER_BYTES));
      inFlight.put(request, future);
    }
    try {
      HttpResponse<byte[]> response = future.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
      return new Answer(response.statusCode(), response.headers(), response.body());
    } catch (TimeoutException e) {
      future.cancel(true);
      throw unreachable(request, "gave no answer within " + timeout.toMillis() + " ms", e);
    } catch (CancellationException e) {
      throw new UploadException(Kind.CANCELLED, "the uploader is closed", e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof UploadException ofTheFile) {
        throw ofTheFile;
      }
      if (e.getCause() instanceof CancellationException || isAborted()) {
        throw new UploadException(Kind.CANCELLED, "the uploader is closed", e);
      }
      throw unreachable(request, "cannot be reached: " + describe(e.getCause()), e.getCause());
    } catch (InterruptedException e) {
      future.cancel(true);
      Thread.currentThread().interrupt();
      throw new UploadException(Kind.CANCELLED, "the thread was interrupted", e);
    } finally {
      synchronized (lock) {
        inFlight.remove(request);
      }
    }
  }

  private boolean isAborted() {
    synchronized (lock) {
      return aborted;
    }
  }

  private UploadException unreachable(HttpRequest request, String what, Throwable cause) {
    return new UploadException(
        Kind.UNREACHABLE,
        "the master " + config.master() + " " + what + " (" + request.method() + ")",
        cause);
  }

  private static String describe(Throwable e) {
    String message = e instanceof IOException ? e.getMessage() : null;
    return message == null ? e.getClass().getSimpleName() : message;
  }

  private static String metadata(String key, String text) {
    return key + " " + Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }
}
