package io.github.raspberryspy.sink.alert;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Redirect;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Posts to one address, which the configuration alone says: no redirect is followed, and of an
 * answer only its status is looked at. Thread-safe.
 */
final class HttpChannel {

  /** Connects, sends, and has its answer within this time. */
  static final Duration PATIENCE = Duration.ofSeconds(10);

  private final HttpClient client;
  private final Duration patience;

  HttpChannel(Outgoing way) {
    this.patience = way.patience();
    this.client =
        HttpClient.newBuilder()
            .followRedirects(Redirect.NEVER)
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(PATIENCE)
            .sslContext(way.trust().context())
            .build();
  }

  /**
   * Posts.
   *
   * @return what was answered, in one sentence
   * @throws IOException in one sentence, if the server did not say that it took it
   */
  String post(HttpRequest.Builder wish) throws IOException {
    HttpRequest request = wish.build();
    CompletableFuture<HttpResponse<Void>> answer =
        client.sendAsync(request, BodyHandlers.discarding());
    try {
      int status = answer.get(patience.toMillis(), TimeUnit.MILLISECONDS).statusCode();
      if (status / 100 != 2) {
        throw new IOException(
            "the server answered "
                + status
                + (status / 100 == 3 ? ", which leads elsewhere and is not followed" : ""));
      }
      return "the server answered " + status;
    } catch (TimeoutException e) {
      throw new IOException("the server did not answer within " + patience.toSeconds() + " s", e);
    } catch (ExecutionException e) {
      throw new IOException(reason(e.getCause(), request.uri()), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("it was interrupted", e);
    } finally {
      answer.cancel(true);
    }
  }

  private static String reason(Throwable cause, URI url) {
    int standard = url.getScheme().equals("https") ? 443 : 80;
    return Failing.reach(cause, url, url.getPort() < 0 ? standard : url.getPort())
        .orElseGet(() -> "the connection to the server failed: " + Failing.deepest(cause));
  }

  /** Refuses what is no address of HTTP. */
  static void requireHttp(URI url) {
    boolean isHttp = "http".equals(url.getScheme()) || "https".equals(url.getScheme());
    if (!isHttp || url.getHost() == null || url.getUserInfo() != null) {
      throw new IllegalArgumentException("it is no address such as https://HOST/PATH");
    }
  }
}
