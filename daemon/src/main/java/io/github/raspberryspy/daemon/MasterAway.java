package io.github.raspberryspy.daemon;

import io.github.raspberryspy.daemon.config.AwayConfig;
import io.github.raspberryspy.segments.Timers;
import io.github.raspberryspy.upload.RetrySchedule;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells people, by a way of the camera's own, that its master has been away for long, since a
 * master that is dead tells nobody; and that it is back. Each is told once, and tried again until
 * it is.
 *
 * <p>Works on a thread of its own, {@code away-CAMERA}.
 */
final class MasterAway implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(MasterAway.class);
  private static final Duration LOOK = Duration.ofSeconds(1);
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final String camera;
  private final AwayConfig config;
  private final BooleanSupplier isConnected;
  private final LongSupplier nanos;
  private final HttpClient http =
      HttpClient.newBuilder()
          .followRedirects(HttpClient.Redirect.NEVER)
          .connectTimeout(PATIENCE)
          .build();
  private final RetrySchedule pauses =
      new RetrySchedule(
          Duration.ofSeconds(5), Duration.ofMinutes(1), ThreadLocalRandom.current()::nextDouble);
  private final ScheduledExecutorService timer;

  // these are of the thread
  private long heardNanos;
  private boolean isTold;
  private long triedNanos;
  private Duration pause = Duration.ZERO;

  MasterAway(String camera, AwayConfig config, BooleanSupplier isConnected, LongSupplier nanos) {
    this.camera = camera;
    this.config = config;
    this.isConnected = isConnected;
    this.nanos = nanos;
    this.heardNanos = nanos.getAsLong();
    this.triedNanos = heardNanos;
    this.timer = Timers.daemon("away-" + camera);
  }

  /** Begins to watch whether there is a connection. */
  static MasterAway start(String camera, AwayConfig config, BooleanSupplier isConnected) {
    MasterAway away = new MasterAway(camera, config, isConnected, System::nanoTime);
    var unused =
        away.timer.scheduleWithFixedDelay(
            away::look, LOOK.toMillis(), LOOK.toMillis(), TimeUnit.MILLISECONDS);
    return away;
  }

  void look() {
    try {
      long now = nanos.getAsLong();
      boolean isHere = isConnected.getAsBoolean();
      heardNanos = isHere ? now : heardNanos;
      boolean isNews = isHere ? isTold : !isTold && now - heardNanos >= config.after().toNanos();
      if (isNews && now - triedNanos >= pause.toNanos()) {
        tell(
            isHere
                ? "Camera " + camera + " reaches its master again."
                : "Camera "
                    + camera
                    + " has not reached its master for "
                    + Duration.ofNanos(now - heardNanos).toMinutes()
                    + " min. It records on, and keeps what it films.");
      }
    } catch (RuntimeException e) {
      log.warn("whether the master is away could not be told", e);
    }
  }

  private void tell(String sentence) {
    try {
      HttpRequest request =
          HttpRequest.newBuilder(config.url())
              .timeout(PATIENCE)
              .header("Title", "RaspberrySpy")
              .header("Content-Type", "text/plain; charset=utf-8")
              .POST(BodyPublishers.ofString(sentence))
              .build();
      int status = http.send(request, BodyHandlers.discarding()).statusCode();
      if (status / 100 != 2) {
        throw new IOException("it answered " + status);
      }
      isTold = !isTold;
      pauses.reset();
      pause = Duration.ZERO;
    } catch (IOException e) {
      triedNanos = nanos.getAsLong();
      pause = pauses.next();
      log.warn(
          "{} is told later that the master is away or back: {}",
          config.url().getHost(),
          e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // it is closed
    }
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }
}
