package io.github.raspberryspy.upload;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import software.amazon.awssdk.http.ContentStreamProvider;
import software.amazon.awssdk.http.ExecutableHttpRequest;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpClient;

/**
 * HTTP for the library of the object store: what is sent keeps to the owner's bandwidth and lets
 * what is filmed now go first, and all of it can be broken off. Thread-safe.
 */
final class PacedHttp implements SdkHttpClient {

  private static final int PIECE = 64 << 10;

  private final SdkHttpClient http;
  private final SharedLink.Lane lane;
  private final Set<ExecutableHttpRequest> flying = ConcurrentHashMap.newKeySet();
  private volatile boolean aborted; // set once, by whoever closes

  PacedHttp(SdkHttpClient http, SharedLink.Lane lane) {
    this.http = http;
    this.lane = lane;
  }

  @Override
  public ExecutableHttpRequest prepareRequest(HttpExecuteRequest request) {
    HttpExecuteRequest.Builder paced = HttpExecuteRequest.builder().request(request.httpRequest());
    Optional<ContentStreamProvider> body = request.contentStreamProvider();
    body.ifPresent(b -> paced.contentStreamProvider(() -> new Paced(b.newStream())));
    request.metricCollector().ifPresent(paced::metricCollector);
    return new Flight(http.prepareRequest(paced.build()));
  }

  /** Breaks off what is in flight, and all that comes. */
  void abort() {
    aborted = true;
    flying.forEach(ExecutableHttpRequest::abort);
  }

  boolean isAborted() {
    return aborted;
  }

  @Override
  public void close() {
    http.close();
  }

  /** Read on the thread that sends. */
  private final class Paced extends FilterInputStream {
    Paced(InputStream in) {
      super(in);
    }

    @Override
    public int read() throws IOException {
      lane.awaitTurn(1);
      return super.read();
    }

    @Override
    public int read(byte[] into, int from, int length) throws IOException {
      int bytes = (int) Math.min(Math.min(PIECE, lane.requestBytes()), length);
      lane.awaitTurn(bytes);
      return super.read(into, from, bytes);
    }
  }

  private final class Flight implements ExecutableHttpRequest {
    private final ExecutableHttpRequest request;

    Flight(ExecutableHttpRequest request) {
      this.request = request;
    }

    @Override
    public HttpExecuteResponse call() throws IOException {
      flying.add(request);
      try {
        if (aborted) {
          throw new IOException("the uploader is closed");
        }
        return request.call();
      } finally {
        flying.remove(request);
      }
    }

    @Override
    public void abort() {
      request.abort();
    }
  }
}
