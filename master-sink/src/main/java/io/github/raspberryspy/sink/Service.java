package io.github.raspberryspy.sink;

import io.github.raspberryspy.s3.S3Bucket;
import io.github.raspberryspy.segments.wire.CameraCredential;
import io.github.raspberryspy.sink.alert.Alerts;
import io.github.raspberryspy.sink.auth.Accounts;
import io.github.raspberryspy.sink.auth.MasterSecret;
import io.github.raspberryspy.sink.auth.Sessions;
import io.github.raspberryspy.sink.event.Events;
import io.github.raspberryspy.sink.event.MasterEvent;
import io.github.raspberryspy.sink.event.Troubles;
import io.github.raspberryspy.sink.fleet.Failsafe;
import io.github.raspberryspy.sink.fleet.FlagOthers;
import io.github.raspberryspy.sink.fleet.Fleet;
import io.github.raspberryspy.sink.fleet.SettingsDesk;
import io.github.raspberryspy.sink.http.HttpServer;
import io.github.raspberryspy.sink.http.Upkeep;
import io.github.raspberryspy.sink.index.IndexUnavailableException;
import io.github.raspberryspy.sink.index.SegmentIndex;
import io.github.raspberryspy.sink.live.LiveHub;
import io.github.raspberryspy.sink.live.Snapshots;
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
import io.github.raspberryspy.sink.tls.MasterTls;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A master that serves: footage folder, index, retention, fleet and HTTP server, built in this
 * order and closed in reverse. Thread-safe.
 */
final class Service implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(Service.class);

  /** Note of where replicas keep their footage. */
  static final String STORE = "footage.store";

  private final Deque<AutoCloseable> parts = new ArrayDeque<>();
  private final MasterConfig config;
  private MasterSecret secret;
  private Accounts accounts;
  private Events events;
  private SegmentIndex index;
  private int port;

  private Optional<MasterTls> tls = Optional.empty(); // set once, before it listens

  private Service(MasterConfig config) {
    this.config = config;
  }

  /**
   * Starts it. What an earlier one left half done is finished first.
   *
   * @param port to listen on
   * @param listening done right before it listens
   * @throws io.github.raspberryspy.sink.index.IndexHeldException if another replica serves
   * @throws IOException in one sentence, if it cannot be
   */
  static Service start(MasterConfig config, int port, Runnable listening) throws IOException {
    Service service = new Service(config);
    try {
      service.build(port, listening);
      return service;
    } catch (IndexUnavailableException e) {
      service.close();
      throw new IOException("the master cannot start: " + e.getMessage(), e);
    } catch (IOException | RuntimeException e) {
      service.close();
      throw e;
    }
  }

  /** Where it listens. */
  int port() {
    return port;
  }

  /** What the sign-in link carries. */
  String signInToken() {
    return accounts.sessions().signInToken();
  }

  /** People. */
  Accounts accounts() {
    return accounts;
  }

  /** Of the certificate that it made itself, if it shows one. */
  Optional<String> fingerprint() {
    return tls.flatMap(MasterTls::fingerprint);
  }

  /** A camera's credential. */
  CameraCredential credentialFor(String camera) {
    return secret.credential(camera);
  }

  /** Tells this listener of everything that happens. */
  void listen(Consumer<MasterEvent> listener) {
    events.listen(listener);
  }

  /** Whether another replica serves by now. */
  boolean isTaken() {
    return index.isTaken();
  }

  /** Lets nothing in any more, finishes seals and deletions that run, and closes. */
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

  private void build(int wanted, Runnable listening) throws IOException {
    if (config.isReplicated()) { // first, since who stands by asks for it again and again
      index = keep(SegmentIndex.openShared(config.index().orElseThrow()));
    }
    FootageFolder folder = FootageFolder.open(config.footage(), config.notes());
    parts.push(folder.lock());
    DiskSpace space = new DiskSpace(folder.root(), config.minFreeBytes(), config.store().isEmpty());
    requireSense(config, space);
    Spare spare = keep(new Spare(new SpareRoom(folder, space)));
    spare.look();
    if (!config.isReplicated()) {
      index = keep(openIndex(folder));
    }
    secret =
        config.isReplicated()
            ? MasterSecret.shared(index.notes()::putIfAbsent, folder.internals())
            : MasterSecret.openOrCreate(folder.internals());
    FootageFiles files = files(folder);
    events = keep(new Events());
    Troubles troubles = new Troubles(events, config.clock());
    AlertPictures pictures = new AlertPictures(index, config.clock());
    Alerts alerts = keep(new Alerts(index, events, config.alerts(), pictures, config.clock()));
    SegmentStore.fill(index, files, config.clock());
    ClockWatch clock =
        keep(new ClockWatch(index, events, troubles, config.clock(), config.nanos()));
    accounts =
        new Accounts(
            index.people(),
            new Sessions(index.people().sessions(), clock.forward()),
            config.clock(),
            config.nanos());
    keep(accounts.audit());
    Fleet fleet = keep(new Fleet(index.cameras(), events, config.clock()));
    SettingsDesk settings =
        keep(
            new SettingsDesk(
                fleet, index.cameras().settings(), index.notes(), events, config.clock()));
    settings.start();
    LiveHub live = keep(new LiveHub(fleet));
    SegmentStore store =
        SegmentStore.open(
            new SegmentStore.Parts(
                folder, files, secret, index, events, space, clock.clock().receipts()));
    Snapshots snapshots = new Snapshots(fleet);
    pictures.findIn(store, snapshots);
    alerts.start(fleet.cameras(), fleet::nameOf);
    Upkeep upkeep =
        new Upkeep(
            space, config.retention(), config.trashGrace(), config.uploadExpiry(), troubles, clock);
    tls = TlsKeys.ofServing(config, index.notes(), folder);
    tls.ifPresent(this::keep);
    HttpServer http =
        keep(
            new HttpServer(
                new HttpServer.Parts(
                    secret,
                    accounts,
                    store,
                    index,
                    fleet,
                    settings,
                    live,
                    snapshots,
                    events,
                    upkeep,
                    alerts,
                    config.metricsToken(),
                    tls,
                    config.clock(),
                    config.nanos())));
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
    // Those who hear of cameras, before the first one can be heard.
    Salvager salvager = keep(new Salvager(fleet, store, config.uploadExpiry()));
    keep(Failsafe.of(
            new Failsafe.Parts(fleet, index.cameras(), events, salvager::rush, config.clock()),
            System::nanoTime))
        .start();
    if (!config.flagOthers().isEmpty()) {
      events.listen(new FlagOthers(fleet, config.flagOthers(), config.nanos(), config.clock()));
    }
    listening.run();
    port = http.start(config.host(), wanted);
    reaper.start();
    spare.start(reaper::wake);
    scrubber.start();
    watch.start();
    if (config.store().isPresent()) {
      keep(new BucketWatch(files, troubles)).start();
    }
    tls.ifPresent(MasterTls::start);
    fleet.start();
    salvager.start();
    log.info(
        "the master listens on port {} and keeps its footage in {}",
        port,
        config.store().map(S3Bucket::address).orElse(folder.root().toString()));
  }

  private SegmentIndex openIndex(FootageFolder folder) throws IOException {
    return config.index().isPresent()
        ? SegmentIndex.open(config.index().get(), folder.identity().id())
        : SegmentIndex.open(folder.index());
  }

  private FootageFiles files(FootageFolder folder) throws IOException {
    StorePlace.require(folder, config.store().map(S3Bucket::address));
    if (config.store().isEmpty()) {
      return folder.files();
    }
    S3Bucket bucket = config.store().get();
    return config.isReplicated() ? shared(bucket, folder) : own(bucket, folder);
  }

  private BucketFiles own(S3Bucket bucket, FootageFolder folder) throws IOException {
    String id = folder.identity().id();
    boolean isKnown = StorePlace.bucketOf(folder.root()).isPresent();
    BucketFiles files =
        keep(isKnown ? BucketFiles.reopen(bucket, id) : BucketFiles.open(bucket, id));
    StorePlace.remember(folder, bucket.address());
    return files;
  }

  /** What the folder knows of its own, the database knows for all replicas. */
  private BucketFiles shared(S3Bucket bucket, FootageFolder folder) throws IOException {
    String id = index.footageId(folder.identity().id());
    Optional<String> known = index.notes().get(STORE);
    if (known.isPresent() && !known.get().equals(bucket.address())) {
      throw new IOException(
          "the replicas of this master keep their footage in "
              + known.get()
              + ", by their database; this one was told "
              + bucket.address());
    }
    BucketFiles files =
        keep(known.isPresent() ? BucketFiles.reopen(bucket, id) : BucketFiles.open(bucket, id));
    files.share();
    index.notes().putIfAbsent(STORE, bucket.address());
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
}
