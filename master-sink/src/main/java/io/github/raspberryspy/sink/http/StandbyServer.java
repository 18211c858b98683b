package io.github.raspberryspy.sink.http;

import io.github.raspberryspy.sink.tls.MasterTls;
import io.javalin.Javalin;
import io.javalin.config.JavalinConfig;
import io.javalin.http.Context;
import java.io.IOException;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/**
 * What a replica answers that stands by: 503, to whatever it is asked, so that a load balancer and
 * a camera go elsewhere. Thread-safe.
 */
public final class StandbyServer implements AutoCloseable {

  private static final int THREADS = 20;
  private static final String RETRY_SECONDS = "1";

  private final Javalin javalin;
  private final Optional<TlsDoor> door;

  /**
   * Nothing listens yet.
   *
   * @param tls what it shows; without it, it speaks plain HTTP
   * @param nanos the monotonic clock, as {@link System#nanoTime}
   */
  public StandbyServer(Optional<MasterTls> tls, LongSupplier nanos) {
    door = tls.map(TlsDoor::new);
    Doorkeeper doorkeeper = new Doorkeeper(THREADS, nanos); // all are strangers here
    javalin = Javalin.create(config -> configure(config, doorkeeper));
  }

  /**
   * Listens.
   *
   * @param port 0 takes a free one
   * @return the port
   * @throws IOException in one sentence, if the port is not to be had
   */
  public int start(String host, int port) throws IOException {
    return HttpServer.start(javalin, door, host, port);
  }

  private void configure(JavalinConfig config, Doorkeeper doorkeeper) {
    HttpServer.plain(config, new QueuedThreadPool(THREADS, 2, 30_000), doorkeeper, door);
    config.routes.before(StandbyServer::refuse);
  }

  private static void refuse(Context ctx) {
    HttpServer.secure(ctx);
    ctx.header("Retry-After", RETRY_SECONDS);
    Problems.write(ctx, 503, "this replica of the master stands by, while another one serves");
    ctx.skipRemainingHandlers();
  }

  @Override
  public void close() {
    javalin.stop();
  }
}
