package io.github.raspberryspy.s3;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.github.raspberryspy.segments.Timers;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLSocketFactory;
import org.apache.commons.io.input.BoundedInputStream;
import org.apache.commons.io.input.ProxyInputStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.http.ExecutableHttpRequest;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;

/**
 * HTTP for the library of the object store, in which nothing waits without end: not for a
 * connection, not for an answer, and not for a store that takes no more of what is sent to it.
 * Thread-safe.
 */
public final class S3Http implements SdkHttpClient {

  /*
   * The JDK has no timeout for writing: a thread that sends to somebody who reads nothing waits for
   * ever. So another thread looks at how long ago the store was given something last, and closes
   * the connection, at which the writing thread wakes. The time in which a body is read here, which
   * may wait for the owner's bandwidth, is not the store's.
   */
  private static final Logger log = LoggerFactory.getLogger(S3Http.class);
  private static final long LOOK_MILLIS = 1000;

  /** Bytes of a list of a thousand keys, and some: source: the S3 API, keys of 1,024 bytes. */
  private static final long MOST_TEXT = 8 << 20;

  private static final Set<String> LISTS = Set.of("list-type", "uploads", "uploadId");

  private final SdkHttpClient http;
  private final Duration patience;
  private final LongSupplier nanoTime;
  private final Set<Flight> flying = ConcurrentHashMap.newKeySet();
  private final ScheduledExecutorService watch = Timers.daemon("s3-watch");

  /**
   * Connects to nothing yet.
   *
   * @param connect how long a connection may take
   * @param patience how long the store may answer nothing, or take nothing of what is sent to it
   * @param nanoTime a monotonic clock, nanoseconds
   */
  public S3Http(Duration connect, Duration patience, LongSupplier nanoTime) {
    this(connect, patience, nanoTime, HttpsURLConnection::getDefaultSSLSocketFactory);
  }

  S3Http(
      Duration connect,
      Duration patience,
      LongSupplier nanoTime,
      Supplier<SSLSocketFactory> sockets) {
    SSLSocketFactory abrupt = new AbruptSockets(sockets);
    this.http = UrlConnectionHttpClient.create(uri -> open(uri, connect, patience, abrupt));
    this.patience = patience;
    this.nanoTime = nanoTime;
    var unused =
        watch.scheduleWithFixedDelay(this::look, LOOK_MILLIS, LOOK_MILLIS, TimeUnit.MILLISECONDS);
  }

  private static HttpURLConnection open(
      URI uri, Duration connect, Duration patience, SSLSocketFactory sockets) {
    try {
      HttpURLConnection connection = (HttpURLConnection) uri.toURL().openConnection();
      connection.setConnectTimeout(Math.toIntExact(connect.toMillis()));
      connection.setReadTimeout(Math.toIntExact(patience.toMillis()));
      if (connection instanceof HttpsURLConnection secured) {
        secured.setSSLSocketFactory(sockets);
      }
      return connection;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public ExecutableHttpRequest prepareRequest(HttpExecuteRequest request) {
    Flight flight = new Flight(isForObject(request.httpRequest()));
    HttpExecuteRequest.Builder watched =
        HttpExecuteRequest.builder().request(request.httpRequest());
    request
        .contentStreamProvider()
        .ifPresent(b -> watched.contentStreamProvider(() -> flight.new Body(b.newStream())));
    request.metricCollector().ifPresent(watched::metricCollector);
    flight.request = http.prepareRequest(watched.build());
    return flight;
  }

  /** Whether it asks for an object's content, and not for a list of something. */
  private static boolean isForObject(SdkHttpRequest request) {
    return request.method() == SdkHttpMethod.GET
        && LISTS.stream().noneMatch(request.rawQueryParameters()::containsKey);
  }

  /** Ends what has waited for too long. */
  void look() {
    flying.forEach(Flight::look);
  }

  @Override
  public void close() {
    watch.shutdownNow();
    http.close();
  }

  /** The store took no more of what was sent to it. */
  static final class StalledException extends IOException {
    private static final long serialVersionUID = 1L;

    StalledException(Duration patience, Throwable cause) {
      super("took nothing more for " + patience.toSeconds() + " s", cause);
    }
  }

  private final class Flight implements ExecutableHttpRequest {
    private final boolean readsObject;
    private ExecutableHttpRequest request; // set once, before anybody else sees this

    /** Whether the store has its turn: it was given something, and nothing more was asked for. */
    @GuardedBy("this")
    private boolean isGiven;

    @GuardedBy("this")
    private long since;

    @GuardedBy("this")
    private boolean isOver;

    @GuardedBy("this")
    private boolean isStalled;

    Flight(boolean readsObject) {
      this.readsObject = readsObject;
    }

    @Override
    public HttpExecuteResponse call() throws IOException {
      flying.add(this);
      try {
        return bounded(request.call());
      } catch (IOException | RuntimeException e) {
        if (isStalled()) {
          throw new StalledException(patience, e);
        }
        throw e;
      } finally {
        flying.remove(this);
        over();
      }
    }

    /**
     * What is no object's content is read whole, as text: a store that never ends it is cut off.
     */
    private HttpExecuteResponse bounded(HttpExecuteResponse answer) throws IOException {
      Optional<AbortableInputStream> body = answer.responseBody();
      if (body.isEmpty() || (readsObject && answer.httpResponse().isSuccessful())) {
        return answer;
      }
      InputStream text =
          BoundedInputStream.builder()
              .setInputStream(body.get())
              .setMaxCount(MOST_TEXT)
              .setOnMaxCount((most, count) -> tooLong(body.get()))
              .get();
      return HttpExecuteResponse.builder()
          .response(answer.httpResponse())
          .responseBody(AbortableInputStream.create(text, body.get()))
          .build();
    }

    private static void tooLong(AbortableInputStream body) throws IOException {
      body.abort();
      throw new IOException("the answer is longer than any that the store has reason for");
    }

    @Override
    public void abort() {
      request.abort();
    }

    private synchronized void turn(boolean given) {
      isGiven = given;
      since = nanoTime.getAsLong();
    }

    /** Under the lock, so that no answer is broken off that came meanwhile. */
    private synchronized void look() {
      if (isOver || !isGiven || nanoTime.getAsLong() - since < patience.toNanos()) {
        return;
      }
      isOver = true;
      isStalled = true;
      try {
        request.abort();
      } catch (RuntimeException e) {
        log.warn("a request that the store takes nothing of cannot be ended: {}", e.getMessage());
      }
    }

    private synchronized void over() {
      isOver = true;
    }

    private synchronized boolean isStalled() {
      return isStalled;
    }

    /** Read on the thread that sends. */
    private final class Body extends ProxyInputStream {
      Body(InputStream in) {
        super(in);
      }

      @Override
      protected void beforeRead(int most) {
        turn(false);
      }

      @Override
      protected void afterRead(int bytes) {
        turn(true);
      }

      @Override
      protected void handleIOException(IOException e) throws IOException {
        turn(true);
        throw e;
      }
    }
  }
}
