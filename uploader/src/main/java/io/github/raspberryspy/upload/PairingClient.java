package io.github.raspberryspy.upload;

import io.github.raspberryspy.segments.JsonFields;
import io.github.raspberryspy.segments.ManifestException;
import io.github.raspberryspy.segments.wire.PairingCode;
import io.github.raspberryspy.segments.wire.PairingMessage;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.util.Arrays;

/** Joins a camera to a master by the code that the master gave its owner. */
public final class PairingClient {

  private static final Duration CONNECT = Duration.ofSeconds(5);
  private static final Duration ANSWER = Duration.ofSeconds(20);
  private static final int OK = 200;
  private static final int MOST_ANSWER = 64 << 10;

  private PairingClient() {}

  /**
   * Asks the master at the first of the code's addresses where that key answers. Nothing is said to
   * another one. The camera's key is a new one of the curve P-256.
   *
   * @param name that the camera wants
   * @return what is to be kept
   * @throws IOException in one sentence, if no master lets it in
   */
  public static Pairing pair(PairingCode code, String name) throws IOException {
    KeyPair pair = newKey();
    byte[] ask =
        PairingMessage.Ask.of(code.ticket(), name, pair.getPublic(), pair.getPrivate()).encode();
    HttpClient client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(CONNECT)
            .sslContext(PinnedMaster.context(code.pin()))
            .build();
    IOException failure = null;
    for (String address : code.addresses()) {
      URI master = address(address);
      HttpResponse<byte[]> answer;
      try {
        answer = send(client, master, ask);
      } catch (IOException e) {
        IOException here = new IOException(address + " cannot be reached: " + reason(e), e);
        if (failure != null) {
          here.addSuppressed(failure);
        }
        failure = here;
        continue;
      }
      return granted(answer, code, master, pair, name);
    }
    throw failure;
  }

  private static Pairing granted(
      HttpResponse<byte[]> answer, PairingCode code, URI master, KeyPair pair, String name)
      throws IOException {
    if (answer.statusCode() != OK) {
      throw new IOException(refusal(answer));
    }
    try {
      PairingMessage.Grant grant = PairingMessage.Grant.decode(answer.body());
      X509Certificate certificate = Pairing.certificate(grant.der());
      if (!grant.credential().camera().equals(name)
          || !Arrays.equals(
              certificate.getPublicKey().getEncoded(), pair.getPublic().getEncoded())) {
        throw new IOException("the master answered for another camera");
      }
      return new Pairing(master, code.pin(), certificate, pair.getPrivate(), grant.credential());
    } catch (ManifestException | IllegalArgumentException e) {
      throw new IOException("the master's answer is none: " + e.getMessage(), e);
    }
  }

  private static HttpResponse<byte[]> send(HttpClient client, URI master, byte[] ask)
      throws IOException {
    HttpRequest request =
        HttpRequest.newBuilder(master.resolve(PairingMessage.PATH))
            .header("Content-Type", "application/json")
            .header("X-RaspberrySpy", "1") // no page of another origin can send it
            .timeout(ANSWER)
            .POST(BodyPublishers.ofByteArray(ask))
            .build();
    try {
      return client.send(request, LimitedBody.upTo(MOST_ANSWER));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("the command was interrupted", e);
    }
  }

  private static URI address(String address) throws IOException {
    try {
      URI master = URI.create("https://" + address + "/");
      if (master.getHost() == null) {
        throw new IOException("the code names " + address + ", which is no address");
      }
      return master;
    } catch (IllegalArgumentException e) {
      throw new IOException("the code names " + address + ", which is no address", e);
    }
  }

  /** The master says it in one sentence. */
  private static String refusal(HttpResponse<byte[]> answer) {
    try {
      return JsonFields.parse(
          answer.body(), "answer", f -> "the master refuses: " + f.text("detail"));
    } catch (ManifestException e) {
      return "the master refuses with status " + answer.statusCode();
    }
  }

  private static String reason(Throwable e) {
    Throwable deepest = e;
    while (deepest.getCause() != null) {
      deepest = deepest.getCause();
    }
    return deepest.getMessage() == null ? e.getClass().getSimpleName() : deepest.getMessage();
  }

  private static KeyPair newKey() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java has no P-256", e);
    }
  }
}
