package io.github.raspberryspy.sink.http;

import io.github.raspberryspy.segments.wire.Tus;
import io.github.raspberryspy.sink.alert.Alerts;
import io.github.raspberryspy.sink.auth.Accounts;
import io.github.raspberryspy.sink.auth.MasterSecret;
import io.github.raspberryspy.sink.auth.Shares;
import io.github.raspberryspy.sink.event.Events;
import io.github.raspberryspy.sink.export.Exporter;
import io.github.raspberryspy.sink.fleet.Fleet;
import io.github.raspberryspy.sink.fleet.SettingsDesk;
import io.github.raspberryspy.sink.index.SegmentIndex;
import io.github.raspberryspy.sink.live.LiveHub;
import io.github.raspberryspy.sink.live.Playlists;
import io.github.raspberryspy.sink.live.Snapshots;
import io.github.raspberryspy.sink.store.SegmentStore;
import io.github.raspberryspy.sink.tls.MasterTls;
import io.javalin.Javalin;
import io.javalin.compression.CompressionStrategy;
import io.javalin.config.JavalinConfig;
import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import io.javalin.util.JavalinBindException;
import io.javalin.util.JavalinLogger;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.component.LifeCycle;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/** The master's HTTP server: all routes, each behind its rule. Thread-safe. */
public final class HttpServer implements AutoCloseable {

  /** Threads that answer requests. */
  static final int MOST_THREADS = 128;

  private static final int HEADER_BYTES = 16 << 10;
  private static final int READ_BYTES = 64 << 10;
  private static final long MESSAGE_BYTES = 64 << 10;
  private static final int OUTGOING_FRAMES = 512;
  private static final Duration SOCKET_IDLE = Duration.ofSeconds(60);

  /** That the rule of a WebSocket was kept. */
  private static final String CHECKED = "socket.checked";

  private static final String POLICY =
      "default-src 'self'; media-src 'self' blob:; object-src 'none'; base-uri 'none';"
          + " form-action 'self'; frame-ancestors 'none'";

  /**
   * What the routes speak to.
   *
   * @param secret checks cameras
   * @param accounts checks people
   * @param store of segments
   * @param index of segments
   * @param fleet of cameras
   * @param settings of cameras
   * @param live pictures of cameras
   * @param snapshots of cameras
   * @param events that are pushed to pages
   * @param upkeep of the footage, to be shown
   * @param alerts that people are told
   * @param metricsToken by which metrics are read from elsewhere
   * @param tls what it shows; without it, it speaks plain HTTP
   * @param clock wall time
   * @param nanos the monotonic clock, as {@link System#nanoTime}
   */
  public record Parts(
      MasterSecret secret,
      Accounts accounts,
      SegmentStore store,
      SegmentIndex index,
      Fleet fleet,
      SettingsDesk settings,
      LiveHub live,
      Snapshots snapshots,
      Events events,
      Upkeep upkeep,
      Alerts alerts,
      Optional<String> metricsToken,
      Optional<MasterTls> tls,
      Clock clock,
      LongSupplier nanos) {}

  private final Javalin javalin;
  private final Optional<TlsDoor> door;
  private final Doorkeeper doorkeeper;
  private final Guard guard;
  private final Outside outside;
  private final EventSocket eventSocket;
  private final Revocations revocations;
  private final PictureRoutes pictures;
  private final Playlists playlists;
  private final List<Route> routes = new ArrayList<>();
  private final List<SocketRoute> sockets;

  /** Declares the routes; nothing listens yet. */
  public HttpServer(Parts parts) {
    this(parts, Networks.ofThisMachine());
  }

  /** In these networks. */
  HttpServer(Parts parts, Networks networks) {
    door = parts.tls().map(TlsDoor::new);
    doorkeeper = new Doorkeeper(MOST_THREADS, parts.nanos());
    PairedCameras paired = new PairedCameras(parts.index().cameraKeys());
    revocations = new Revocations(parts.accounts().sessions());
    guard = new Guard(parts.secret(), parts.accounts(), doorkeeper, paired, revocations);
    outside =
        new Outside(parts.upkeep().troubles(), parts.index().notes(), networks, parts.clock());
    StorageRoutes storage = new StorageRoutes(parts.index(), parts.upkeep());
    eventSocket = new EventSocket(parts.events(), storage);
    LinkSocket linkSocket = new LinkSocket(parts.fleet());
    LiveSocket liveSocket = new LiveSocket(parts.live());
    sockets =
        List.of(
            new SocketRoute("/api/v1/events", Access.PERSON, eventSocket::configure),
            new SocketRoute(Tus.LINK_PATH, Access.CAMERA, linkSocket::configure),
            new SocketRoute(Tus.LIVE_PATH, Access.CAMERA, liveSocket::fromCameras),
            new SocketRoute(LiveSocket.PATH, Access.PERSON, liveSocket::toPeople));
    routes.addAll(
        new UploadRoutes(parts.store(), parts.upkeep().uploadExpiry(), parts.nanos()).routes());
    routes.addAll(new SegmentRoutes(parts.index(), parts.store()).routes());
    Exporter exporter = new Exporter(parts.index(), parts.store());
    routes.addAll(new ExportRoutes(guard, exporter).routes());
    Shares shares =
        new Shares(parts.index().shares(), parts.upkeep().clock().forward(), parts.nanos());
    routes.addAll(new ShareRoutes(guard, parts.accounts(), shares, exporter).routes());
    routes.addAll(
        new TrashRoutes(parts.index(), parts.store(), parts.upkeep().trashGrace()).routes());
    routes.addAll(storage.routes());
    routes.addAll(new AlertRoutes(guard, parts.alerts(), parts.clock()).routes());
    routes.addAll(new MetricsRoutes(parts).routes());
    routes.addAll(
        new StateRoutes(parts.index(), parts.fleet(), parts.upkeep().troubles()).routes());
    routes.addAll(outside.routes());
    routes.addAll(
        new ControlRoutes(guard, parts.fleet(), parts.settings(), parts.index(), parts.snapshots())
            .routes());
    pictures = new PictureRoutes(guard, parts);
    routes.addAll(pictures.routes());
    playlists = new Playlists(parts.live(), parts.clock(), parts.nanos());
    routes.addAll(new PlaylistRoutes(parts.fleet(), playlists).routes());
    routes.addAll(new AccountRoutes(guard, parts.accounts()).routes());
    routes.addAll(new PeopleRoutes(guard, parts.accounts()).routes());
    routes.addAll(new PairingRoutes(parts, guard, paired, door).routes());
    routes.addAll(
        new PageRoutes(guard, parts.accounts().sessions()).routes()); // its wildcard comes last
    javalin = Javalin.create(this::configure);
  }

  /**
   * Listens.
   *
   * @param port 0 takes a free one
   * @return the port
   * @throws IOException in one sentence, if the port is not to be had
   */
  public int start(String host, int port) throws IOException {
    int bound = start(javalin, door, host, port);
    outside.listens(host);
    return bound;
  }

  static int start(Javalin javalin, Optional<TlsDoor> door, String host, int port)
      throws IOException {
    boolean logs = JavalinLogger.enabled;
    JavalinLogger.enabled = false; // it would log what is thrown
    door.ifPresent(tls -> tls.at(host, port));
    try {
      return javalin.start(host, port).port();
    } catch (JavalinBindException e) {
      throw new IOException(host + ":" + port + " is in use, or not ours to use", e);
    } finally {
      JavalinLogger.enabled = logs;
    }
  }

  /** All routes, in the order in which they are tried. */
  List<Route> routes() {
    return List.copyOf(routes);
  }

  /** All WebSockets. */
  List<SocketRoute> sockets() {
    return sockets;
  }

  /** Ends every connection. */
  @Override
  public void close() {
    revocations.close();
    eventSocket.close();
    pictures.close();
    playlists.close();
    javalin.stop();
  }

  /** What holds for whatever listens here: few threads, no words of the libraries' own, a door. */
  static void plain(
      JavalinConfig config,
      QueuedThreadPool threads,
      Doorkeeper doorkeeper,
      Optional<TlsDoor> door) {
    door.ifPresent(tls -> config.jetty.addConnector(tls::connector));
    config.startup.showJavalinBanner = false;
    config.startup.showOldJavalinVersionWarning = false;
    config.startup.startupWatcherEnabled = false;
    config.http.compressionStrategy = CompressionStrategy.NONE;
    config.jetty.threadPool = threads;
    config.jetty.modifyServer(
        server -> {
          server.setErrorHandler(new PlainErrors());
          server.setStopTimeout(0);
          doorkeeper.watch(server);
        });
  }

  private void configure(JavalinConfig config) {
    plain(config, new QueuedThreadPool(MOST_THREADS, 4, 30_000), doorkeeper, door);
    config.http.prefer405over404 = true;
    config.router.ignoreTrailingSlashes = false; // a path has one spelling, and so one rule
    config.jetty.modifyHttpConfiguration(HttpServer::harden);
    config.jetty.modifyServer(server -> server.addEventListener(new WideReads()));
    config.jetty.modifyWebSocketServletFactory(
        factory -> {
          factory.setMaxTextMessageSize(MESSAGE_BYTES);
          factory.setMaxBinaryMessageSize(MESSAGE_BYTES);
          factory.setIdleTimeout(SOCKET_IDLE);
          factory.setMaxOutgoingFrames(OUTGOING_FRAMES);
        });
    config.routes.before(outside::came);
    config.routes.before(HttpServer::secure);
    config.routes.before("/api/*", guard::refuseStrangers);
    for (Route route : routes) {
      config.routes.addHttpHandler(route.method(), route.path(), guard.wrap(route));
      if (route.method().equals(HandlerType.GET)) {
        config.routes.addHttpHandler(HandlerType.HEAD, route.path(), guard.wrap(route));
      }
    }
    config.routes.wsBeforeUpgrade(Guard::requireSameOrigin);
    config.routes.wsBefore(revocations::configure);
    for (SocketRoute socket : sockets) {
      config.routes.wsBeforeUpgrade(socket.path(), ctx -> check(socket, ctx));
      config.routes.ws(socket.path(), socket.handler());
    }
    config.routes.wsBeforeUpgrade(HttpServer::requireChecked);
    Problems.install(config.routes);
  }

  /** Footage comes by the megabyte: with Jetty's 8 KiB most of an upload's cost is system calls. */
  private static final class WideReads implements LifeCycle.Listener {

    @Override
    public void lifeCycleStarting(LifeCycle server) {
      for (Connector connector : ((Server) server).getConnectors()) {
        connector.getConnectionFactory(HttpConnectionFactory.class).setInputBufferSize(READ_BYTES);
      }
    }
  }

  private void check(SocketRoute socket, Context ctx) {
    guard.check(socket.access(), ctx);
    ctx.attribute(CHECKED, true);
  }

  /** What has no rule is open to nobody. */
  private static void requireChecked(Context ctx) {
    if (ctx.attribute(CHECKED) == null) {
      throw new Problem(404, "there is no such WebSocket");
    }
  }

  private static void harden(HttpConfiguration http) {
    http.setSendServerVersion(false);
    http.setRequestHeaderSize(HEADER_BYTES);
    http.setUriCompliance(UriCompliance.DEFAULT);
  }

  static void secure(Context ctx) {
    ctx.header("Content-Security-Policy", POLICY)
        .header("X-Content-Type-Options", "nosniff")
        .header("X-Frame-Options", "DENY")
        .header("Referrer-Policy", "no-referrer")
        .header("Cross-Origin-Resource-Policy", "same-origin")
        .header("Cross-Origin-Opener-Policy", "same-origin");
  }
}
