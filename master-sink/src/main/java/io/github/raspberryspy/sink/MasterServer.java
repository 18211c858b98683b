package io.github.raspberryspy.sink;

import io.github.raspberryspy.s3.S3Bucket;
import io.github.raspberryspy.segments.wire.CameraCredential;
import io.github.raspberryspy.sink.auth.MasterSecret;
import io.github.raspberryspy.sink.auth.Sessions;
import io.github.raspberryspy.sink.event.Events;
import io.github.raspberryspy.sink.event.MasterEvent;
import io.github.raspberryspy.sink.event.Troubles;
import io.github.raspberryspy.sink.fleet.Fleet;
import io.github.raspberryspy.sink.http.HttpServer;
import io.github.raspberryspy.sink.http.Upkeep;
import io.github.raspberryspy.sink.index.IndexUnavailableException;
import io.github.raspberryspy.sink.index.SegmentIndex;
import io.github.raspberryspy.sink.retention.ClockWatch;
import io.github.raspberryspy.sink.retention.Reaper;
import io.github.raspberryspy.sink.store.BucketFiles;
import io.github.raspberryspy.sink.store.DiskSpace;
import io.github.raspberryspy.sink.store.FootageFiles;
import io.github.raspberryspy.sink.store.FootageFolder;
import io.github.raspberryspy.sink.store.Scrubber;
import io.github.raspberryspy.sink.store.SegmentStore;
import io.github.raspberryspy.sink.store.SpareRoom;
import io.github.raspberryspy.sink.store.StorePlace;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A running master: footage folder, index, retention, fleet and HTTP server, built in this order
 * and closed in reverse. Thread-safe.
 */
public final class MasterServer implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(MasterServer.class);

  private final Deque<AutoCloseable> parts = new ArrayDeque<>();
  private MasterSecret secret;
  private Sessions sessions;
  private Events events;
  private URI url;

  private MasterServer() {}

  /**
   * Starts a master. What an earlier one left half done in the folder is finished first.
   *
   * @throws IOException in one sentence, if the folder cannot be used, the index's database cannot
   *     be reached, or the port is taken
   */
  public static MasterServer start(MasterConfig config) throws IOException {
    MasterServer server = new MasterServer();
    try {
      server.build(config);
      return server;
    } catch (IndexUnavailableException e) {
      server.close();
      throw new IOException("the master cannot start: " + e.getMessage(), e);
    } catch (IOException | RuntimeException e) {
      server.close();
      throw e;
    }
  }

  /**
   * A camera's credential for the master of this footage folder, whether it runs or not. Creates
   * the folder and its secret where there are none yet.
   *
   * @throws IOException in one sentence, if the folder cannot be used
   */
  public static CameraCredential credentialFor(MasterConfig config, String camera)
      throws IOException {
    FootageFolder folder = FootageFolder.open(config.footage(), config.notes());
    return MasterSecret.openOrCreate(folder.internals()).credential(camera);
  }

  /**
   * As {@link #credentialFor(MasterConfig, String)}, of a folder that is not looked at twice.
   *
   * @throws IOException in one sentence, if the folder cannot be used
   */
  public static CameraCredential credentialFor(Path footage, String camera) throws IOException {
    return credentialFor(MasterConfig.into(footage).build(), camera);
  }

  /** Where it listens. */
  public URI url() {
    return url;
  }

  /** The address that signs a person in. A secret, good while this process lives. */
  public URI signInLink() {
    return url.resolve("/sign-in?token=" + sessions.signInToken());
  }

  /** A camera's credential. */
  public CameraCredential credentialFor(String camera) {
    return secret.credential(camera);
  }

  /**
   * Tells this listener of everything that happens from now on, one event after the other, on a
   * thread of its own. It may block, but not for long: beyond {@link Events#MOST_WAITING} events
   * that wait, new ones are dropped.
   */
  public void listen(Consumer<MasterEvent> listener) {
    events.listen(listener);
  }

  /** Stops: lets nothing in any more, finishes seals and deletions that run, and closes. */
  @Override
  public void close() {
    while (!parts.isEmpty()) {
      try {
        parts.pop().close();
      } catch (Exception e) {
        log.warn("a part of the master did not close: {}", e.getMessage(), e);
      }
    }
  }

  private void build(MasterConfig config) throws IOException {
    FootageFolder folder = FootageFolder.open(config.footage(), config.notes());
    parts.push(folder.lock());
    DiskSpace space = new DiskSpace(folder.root(), config.minFreeBytes(), config.store().isEmpty());
    requireSense(config, space);
    Spare spare = keep(new Spare(new SpareRoom(folder, space)));
    spare.look();
    secret = MasterSecret.openOrCreate(folder.internals());
    sessions = new Sessions(config.clock());
    SegmentIndex index = keep(open(config, folder));
    FootageFiles files = store(config, folder);
    events = keep(new Events());
    Troubles troubles = new Troubles(events, config.clock());
    ClockWatch clock =
        keep(new ClockWatch(index, events, troubles, config.clock(), config.nanos()));
    Fleet fleet = keep(new Fleet(index.cameras(), events, config.clock()));
    SegmentStore store =
        SegmentStore.open(
            new SegmentStore.Parts(
                folder, files, secret, index, events, space, clock.clock().receipts()));
    Upkeep upkeep =
        new Upkeep(
            space, config.retention(), config.trashGrace(), config.uploadExpiry(), troubles, clock);
    HttpServer http =
        keep(
            new HttpServer(
                new HttpServer.Parts(
                    secret, sessions, store, index, fleet, events, upkeep, config.nanos())));
    keep(store); // closed before HTTP: what runs is finished while it can still be answered
    Reaper reaper =
        keep(
            new Reaper(
                config.retention(),
                index,
                store,
                space,
                events,
                clock.clock(),
                config.trashGrace()));
    Scrubber scrubber =
        keep(new Scrubber(files, index, troubles, clock.clock().receipts(), config.scrub()));
    Watch watch = keep(new Watch(folder.identity(), index, troubles, clock));
    int port = http.start(config.host(), config.port());
    url = URI.create("http://" + bracketed(config.host()) + ":" + port + "/");
    reaper.start();
    spare.start(reaper::wake);
    scrubber.start();
    watch.start();
    if (config.store().isPresent()) {
      keep(new BucketWatch(files, troubles)).start();
    }
    fleet.start();
    keep(new Salvager(fleet, store, config.uploadExpiry())).start();
    log.info(
        "the master listens on {} and keeps its footage in {}",
        url,
        config.store().map(S3Bucket::address).orElse(folder.root().toString()));
  }

  private static SegmentIndex open(MasterConfig config, FootageFolder folder) throws IOException {
    return config.index().isPresent()
        ? SegmentIndex.open(config.index().get(), folder.identity().id())
        : SegmentIndex.open(folder.index());
  }

  private FootageFiles store(MasterConfig config, FootageFolder folder) throws IOException {
    StorePlace.require(folder, config.store().map(S3Bucket::address));
    if (config.store().isEmpty()) {
      return folder.files();
    }
    S3Bucket bucket = config.store().get();
    String id = folder.identity().id();
    boolean isKnown = StorePlace.bucketOf(folder.root()).isPresent();
    BucketFiles files =
        keep(isKnown ? BucketFiles.reopen(bucket, id) : BucketFiles.open(bucket, id));
    StorePlace.remember(folder, bucket.address());
    return files;
  }

  private <T extends AutoCloseable> T keep(T part) {
    parts.push(part);
    return part;
  }

  private static void requireSense(MasterConfig config, DiskSpace space) throws IOException {
    if (space.totalBytes() > 0 && config.minFreeBytes() >= space.totalBytes()) {
      throw new IOException(
          "minFreeBytes "
              + config.minFreeBytes()
              + " is not below the size of the footage folder's disk, "
              + space.totalBytes()
              + " bytes");
    }
  }

  private static String bracketed(String host) {
    return host.contains(":") ? "[" + host + "]" : host;
  }
}
