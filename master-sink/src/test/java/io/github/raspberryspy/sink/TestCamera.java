package io.github.raspberryspy.sink;

import io.github.raspberryspy.segments.DurableFiles;
import io.github.raspberryspy.segments.ManifestCodec;
import io.github.raspberryspy.segments.SegmentId;
import io.github.raspberryspy.segments.SegmentManifest;
import io.github.raspberryspy.segments.wire.CameraCredential;
import io.github.raspberryspy.segments.wire.Receipt;
import io.github.raspberryspy.segments.wire.Tus;
import io.github.raspberryspy.sink.Footage.Clip;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;

/** Speaks to a master as a camera does, one request at a time. */
public final class TestCamera {

  private static final HttpClient HTTP =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private final URI master;
  private final CameraCredential credential;

  /** A camera with a credential. */
  public TestCamera(URI master, CameraCredential credential) {
    this.master = master;
    this.credential = credential;
  }

  /** Its credential. */
  public CameraCredential credential() {
    return credential;
  }

  /** A request with the camera's credential. */
  public HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(master.resolve(path))
        .header("Authorization", "Bearer " + credential.token())
        .header(Tus.RESUMABLE, Tus.VERSION);
  }

  /** Begins the upload of a segment: the whole answer. */
  public HttpResponse<String> create(Clip clip) throws IOException, InterruptedException {
    return send(claim(clip).POST(BodyPublishers.noBody()));
  }

  /** Begins the upload of a segment with its first bytes: the whole answer. */
  public HttpResponse<String> createWith(Clip clip, byte[] first)
      throws IOException, InterruptedException {
    return send(
        claim(clip)
            .header("Content-Type", Tus.CONTENT_TYPE)
            .POST(BodyPublishers.ofByteArray(first)));
  }

  private HttpRequest.Builder claim(Clip clip) {
    SegmentManifest m = clip.manifest();
    String metadata = "id " + base64(m.id().toString()) + ",sha256 " + base64(m.content().sha256());
    return request(Tus.PATH)
        .header(Tus.LENGTH, Long.toString(clip.bytes().length))
        .header(Tus.METADATA, metadata);
  }

  /** Begins an upload as any client of the protocol may, without a word of what it is. */
  public String beginUnnamed(long length) throws IOException, InterruptedException {
    return send(request(Tus.PATH)
            .header(Tus.LENGTH, Long.toString(length))
            .POST(BodyPublishers.noBody()))
        .headers()
        .firstValue("Location")
        .orElseThrow();
  }

  /** Begins the upload of a segment that still grows: the whole answer. */
  public HttpResponse<String> createOpen(SegmentId id) throws IOException, InterruptedException {
    return send(
        request(Tus.PATH)
            .header(Tus.DEFER_LENGTH, "1")
            .header(Tus.METADATA, "id " + base64(id.toString()))
            .POST(BodyPublishers.noBody()));
  }

  /** Begins the upload of a segment that still grows: the path of the upload. */
  public String beginOpen(SegmentId id) throws IOException, InterruptedException {
    return created(createOpen(id));
  }

  /** Begins the upload of a segment: the path of the upload. */
  public String begin(Clip clip) throws IOException, InterruptedException {
    return created(create(clip));
  }

  private static String created(HttpResponse<String> answer) throws IOException {
    if (answer.statusCode() != 201) {
      throw new IOException(answer.statusCode() + " " + answer.body());
    }
    return answer.headers().firstValue("Location").orElseThrow();
  }

  /** Where an upload ends. */
  public long offset(String upload) throws IOException, InterruptedException {
    HttpResponse<String> answer = send(request(upload).method("HEAD", BodyPublishers.noBody()));
    if (answer.statusCode() != 200) {
      throw new IOException("HEAD: " + answer.statusCode());
    }
    return answer.headers().firstValueAsLong(Tus.OFFSET).orElseThrow();
  }

  /** Sends one chunk with its checksum. */
  public HttpResponse<String> patch(String upload, long offset, byte[] chunk)
      throws IOException, InterruptedException {
    return patch(upload, offset, chunk, DurableFiles.sha256().digest(chunk));
  }

  /** Sends one chunk with this checksum. */
  public HttpResponse<String> patch(String upload, long offset, byte[] chunk, byte[] checksum)
      throws IOException, InterruptedException {
    return send(
        request(upload)
            .header(Tus.OFFSET, Long.toString(offset))
            .header(Tus.CHECKSUM, "sha256 " + Base64.getEncoder().encodeToString(checksum))
            .header("Content-Type", Tus.CONTENT_TYPE)
            .method("PATCH", BodyPublishers.ofByteArray(chunk)));
  }

  /** Sends all that is missing, in chunks. */
  public void fill(String upload, Clip clip, int chunkBytes)
      throws IOException, InterruptedException {
    byte[] bytes = clip.bytes();
    for (long at = offset(upload); at < bytes.length; at = offset(upload)) {
      int to = (int) Math.min(bytes.length, at + chunkBytes);
      HttpResponse<String> answer = patch(upload, at, Arrays.copyOfRange(bytes, (int) at, to));
      if (answer.statusCode() != 204) {
        throw new IOException("PATCH: " + answer.statusCode() + " " + answer.body());
      }
    }
  }

  /** Puts the manifest. */
  public HttpResponse<String> seal(String upload, SegmentManifest manifest)
      throws IOException, InterruptedException {
    return send(
        request(upload + "/manifest")
            .header("Content-Type", "application/json")
            .PUT(BodyPublishers.ofByteArray(ManifestCodec.encode(manifest))));
  }

  /** Does all of it. */
  public Receipt upload(Clip clip) throws IOException, InterruptedException {
    String upload = begin(clip);
    fill(upload, clip, 1 << 20);
    HttpResponse<String> answer = seal(upload, clip.manifest());
    if (answer.statusCode() != 200) {
      throw new IOException("seal: " + answer.statusCode() + " " + answer.body());
    }
    return Receipt.decode(answer.body().getBytes(StandardCharsets.UTF_8));
  }

  /** Sends a request. */
  public HttpResponse<String> send(HttpRequest.Builder request)
      throws IOException, InterruptedException {
    return HTTP.send(request.build(), BodyHandlers.ofString());
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }
}
