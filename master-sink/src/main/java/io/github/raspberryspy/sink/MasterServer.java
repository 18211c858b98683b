package io.github.raspberryspy.sink;

import io.github.raspberryspy.segments.wire.CameraCredential;
import io.github.raspberryspy.segments.wire.PairingCode;
import io.github.raspberryspy.sink.auth.MasterSecret;
import io.github.raspberryspy.sink.auth.Tickets;
import io.github.raspberryspy.sink.event.Events;
import io.github.raspberryspy.sink.event.MasterEvent;
import io.github.raspberryspy.sink.index.IndexUnavailableException;
import io.github.raspberryspy.sink.index.SegmentIndex;
import io.github.raspberryspy.sink.index.Stamps;
import io.github.raspberryspy.sink.store.FootageFolder;
import io.github.raspberryspy.sink.tls.Hosts;
import io.github.raspberryspy.sink.tls.MasterTls;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A running master. One that keeps its footage in a bucket and its index on a database server may
 * have replicas, which share both: one of them serves, and the others stand by, each ready to go on
 * where that one falls silent. Thread-safe.
 */
public final class MasterServer implements AutoCloseable {

  /** Why no camera can be paired, and what has to be set. */
  public static final String NO_TLS =
      "this master speaks plain HTTP, and with its own machine alone: to pair cameras, set"
          + " listen.host to 0.0.0.0 and tls.mode to on, and start it again";

  /** How long a code is good. */
  public static final Duration CODE_LIFE = Duration.ofMinutes(10);

  private final MasterConfig config;
  private final Terms terms;

  private MasterServer(MasterConfig config, Terms terms) {
    this.config = config;
    this.terms = terms;
  }

  /**
   * Starts a master. What an earlier one left half done is finished first. A replica stands by
   * where another one serves.
   *
   * @throws IOException in one sentence, if the folder cannot be used, the index's database or the
   *     bucket cannot be reached, or the port is taken
   */
  public static MasterServer start(MasterConfig config) throws IOException {
    return new MasterServer(config, Terms.start(config));
  }

  /**
   * A camera's credential for the master that is configured so, whether it runs or not. Creates the
   * folder and the master's secret where there are none yet.
   *
   * @throws IOException in one sentence, if the folder, or the database of replicas, cannot be used
   */
  public static CameraCredential credentialFor(MasterConfig config, String camera)
      throws IOException {
    return secret(config).credential(camera);
  }

  private static MasterSecret secret(MasterConfig config) throws IOException {
    FootageFolder folder = FootageFolder.open(config.footage(), config.notes());
    return config.isReplicated()
        ? MasterSecret.shared(
            (name, value) -> SegmentIndex.noteShared(config.index().orElseThrow(), name, value),
            folder.internals())
        : MasterSecret.openOrCreate(folder.internals());
  }

  /**
   * As {@link #credentialFor(MasterConfig, String)}, of a folder that is not looked at twice.
   *
   * @throws IOException in one sentence, if the folder cannot be used
   */
  public static CameraCredential credentialFor(Path footage, String camera) throws IOException {
    return credentialFor(MasterConfig.into(footage).build(), camera);
  }

  /**
   * A code that pairs one camera with the master that is configured so, within ten minutes, whether
   * it runs or not. A secret.
   *
   * @param camera that it is for; empty for any
   * @param anew whether it takes the name from the camera that has it
   * @throws IllegalArgumentException in one sentence, if there is no TLS, or no port
   * @throws IOException in one sentence, if the folder, or the database of replicas, cannot be used
   */
  public static PairingCode pairingCode(MasterConfig config, String camera, boolean anew)
      throws IOException {
    MasterTls tls =
        TlsKeys.ofStandby(config).orElseThrow(() -> new IllegalArgumentException(NO_TLS));
    try (tls) {
      if (config.port() == 0) {
        throw new IllegalArgumentException(
            "the port is 0, so nobody knows it: set listen.port, to pair cameras");
      }
      Instant expiry = now(config).plus(CODE_LIFE);
      return new PairingCode(
          tls.pin(),
          Tickets.draw(secret(config), camera, anew, expiry),
          camera,
          tls.addresses(config.host(), config.port()));
    }
  }

  /** The time by which a master that runs ends codes: this clock may have fallen back. */
  private static Instant now(MasterConfig config) {
    Instant wall = config.clock().instant();
    try (SegmentIndex index =
        config.index().isPresent()
            ? SegmentIndex.readOnly(config.index().get())
            : SegmentIndex.readOnly(FootageFolder.open(config.footage(), config.notes()).index())) {
      return index.notes().time(Stamps.LAST).filter(wall::isBefore).orElse(wall);
    } catch (IOException | IllegalArgumentException | IndexUnavailableException e) {
      return wall; // there was no master yet
    }
  }

  /** Where it listens, whether it serves or stands by. */
  public URI url() {
    return URI.create(
        config
            .tls()
            .map(tls -> "https://" + Hosts.addresses(tls, config.host(), terms.port()).get(0) + "/")
            .orElseGet(() -> "http://" + plainHost() + ":" + terms.port() + "/"));
  }

  private String plainHost() {
    return config.host().contains(":") ? "[" + config.host() + "]" : config.host();
  }

  /** Whether it serves; else it stands by, and answers 503. */
  public boolean isServing() {
    return terms.service().isPresent();
  }

  /**
   * Runs this whenever it begins to serve, and now where it does; on the thread that begins to
   * serve, which waits for it.
   */
  public void whenServing(Runnable action) {
    terms.whenServing(action);
  }

  /**
   * The address that signs a person in as an owner, without a password: for demos and programs that
   * embed a master. A secret, drawn when it is first asked for; good while this process serves, and
   * until the first owner sets a password.
   *
   * @throws IllegalStateException while it stands by
   */
  public URI signInLink() {
    return url().resolve("/sign-in?token=" + serving().signInToken());
  }

  /**
   * The address at which an owner sets name and password: the first one, or one who forgot theirs.
   * A secret, good once, while this process serves.
   *
   * @throws IllegalStateException while it stands by
   */
  public URI welcomeLink() {
    return url().resolve("/welcome#token=" + serving().accounts().welcomeToken());
  }

  /**
   * SHA-256 of the certificate that it made itself, as browsers show it, by which a person can tell
   * that the page is the master's; empty where its owner brought a certificate, and over plain
   * HTTP.
   *
   * @throws IllegalStateException while it stands by
   */
  public Optional<String> certificateFingerprint() {
    return serving().fingerprint();
  }

  /**
   * Whether an owner has set a password.
   *
   * @throws IllegalStateException while it stands by
   */
  public boolean hasOwner() {
    return serving().accounts().hasOwner();
  }

  /**
   * A camera's credential.
   *
   * @throws IllegalStateException while it stands by
   */
  public CameraCredential credentialFor(String camera) {
    return serving().credentialFor(camera);
  }

  private Service serving() {
    return terms.service().orElseThrow(() -> new IllegalStateException("this replica stands by"));
  }

  /**
   * Tells this listener of everything that happens from now on while this one serves, one event
   * after the other, on a thread of its own. It may block, but not for long: beyond {@link
   * Events#MOST_WAITING} events that wait, new ones are dropped.
   */
  public void listen(Consumer<MasterEvent> listener) {
    terms.listen(listener);
  }

  /** Stops: lets nothing in any more, finishes seals and deletions that run, and closes. */
  @Override
  public void close() {
    terms.close();
  }
}
