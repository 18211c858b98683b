package io.github.raspberryspy.daemon.chaos;

import io.github.raspberryspy.segments.SegmentId;
import io.github.raspberryspy.segments.wire.CameraCredential;
import io.github.raspberryspy.segments.wire.Tus;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;
import java.util.OptionalLong;

/** Asks the master in the name of a camera that is gone how much it holds of an open segment. */
final class Inquiry {

  private static final HttpClient HTTP =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(5))
          .build();

  private final URI master;
  private final CameraCredential credential;

  Inquiry(URI master, CameraCredential credential) {
    this.master = master;
    this.credential = credential;
  }

  /** The path of the upload, of which there is one from now on if there was none; empty if not. */
  Optional<String> upload(SegmentId id) throws IOException, InterruptedException {
    String name =
        Base64.getEncoder().encodeToString(id.toString().getBytes(StandardCharsets.UTF_8));
    HttpRequest.Builder request =
        request(Tus.PATH)
            .header(Tus.DEFER_LENGTH, "1")
            .header(Tus.METADATA, Tus.META_ID + " " + name)
            .POST(BodyPublishers.noBody());
    HttpResponse<Void> answer = HTTP.send(request.build(), BodyHandlers.discarding());
    return answer.statusCode() == 201 ? answer.headers().firstValue("Location") : Optional.empty();
  }

  /** How much the master says that it holds; empty if there is no such upload any more. */
  OptionalLong bytes(String upload) throws IOException, InterruptedException {
    HttpRequest.Builder request = request(upload).method("HEAD", BodyPublishers.noBody());
    HttpResponse<Void> answer = HTTP.send(request.build(), BodyHandlers.discarding());
    return switch (answer.statusCode()) {
      case 200 -> answer.headers().firstValueAsLong(Tus.OFFSET);
      case 404, 410 -> OptionalLong.empty();
      default -> throw new IOException("HEAD: " + answer.statusCode());
    };
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(master.resolve(path))
        .timeout(Duration.ofSeconds(10))
        .header("Authorization", "Bearer " + credential.token())
        .header(Tus.RESUMABLE, Tus.VERSION);
  }
}
