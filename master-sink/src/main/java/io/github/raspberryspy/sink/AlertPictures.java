package io.github.raspberryspy.sink;

import io.github.raspberryspy.sink.alert.Alert;
import io.github.raspberryspy.sink.alert.AlertKind;
import io.github.raspberryspy.sink.alert.AlertPicture;
import io.github.raspberryspy.sink.index.SegmentIndex;
import io.github.raspberryspy.sink.index.SegmentQuery;
import io.github.raspberryspy.sink.index.StoredSegment;
import io.github.raspberryspy.sink.live.Snapshots;
import io.github.raspberryspy.sink.store.SegmentStore;
import io.github.raspberryspy.sink.store.StoreException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jdbi.v3.core.JdbiException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Pictures for alerts: of what moves or is wrong right now, a picture of now, which the camera is
 * asked for; of a camera that is lost, and of what is told later, the still of the segment in which
 * it happened, or of the one before. Thread-safe.
 */
final class AlertPictures implements AlertPicture {

  /** How long a camera may take to bring one: the alert does not wait any longer. */
  static final Duration PATIENCE = Duration.ofSeconds(3);

  private static final Logger log = LoggerFactory.getLogger(AlertPictures.class);
  private static final Duration NOW = Duration.ofSeconds(10);
  private static final Duration FITTING = Duration.ofHours(2);
  private static final int MOST_BYTES = 2 << 20;

  private final SegmentIndex index;
  private final Clock clock;
  private volatile SegmentStore store; // set before anybody asks
  private volatile Snapshots snapshots; // likewise

  AlertPictures(SegmentIndex index, Clock clock) {
    this.index = index;
    this.clock = clock;
  }

  /** Finds them here from now on. */
  void findIn(SegmentStore newStore, Snapshots newSnapshots) {
    store = newStore;
    snapshots = newSnapshots;
  }

  @Override
  public Optional<Picture> of(Alert alert) {
    if (alert.camera().isEmpty()) {
      return Optional.empty();
    }
    Optional<Picture> picture = Optional.empty();
    boolean isHeard = alert.kind() == AlertKind.MOTION || alert.kind() == AlertKind.FAULT;
    if (isHeard && Duration.between(alert.at(), clock.instant()).compareTo(NOW) < 0) {
      picture = ofNow(alert.camera());
    }
    return picture.or(() -> still(alert)).filter(p -> p.jpeg().remaining() <= MOST_BYTES);
  }

  private Optional<Picture> ofNow(String camera) {
    try {
      return snapshots
          .take(camera)
          .get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
          .picture()
          .map(picture -> new Picture(picture.captured(), picture.jpeg()));
    } catch (TimeoutException e) {
      log.debug("camera {} brought no picture soon enough", camera);
    } catch (ExecutionException e) {
      log.debug("camera {} brought no picture", camera, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return Optional.empty();
  }

  private Optional<Picture> still(Alert alert) {
    SegmentQuery latest =
        new SegmentQuery(
            Optional.of(alert.camera()),
            Optional.of(alert.at().minus(FITTING)),
            Optional.of(alert.at()),
            Optional.empty(),
            Optional.empty(),
            false,
            Optional.empty(),
            1,
            1);
    try {
      Optional<StoredSegment> found = index.list(latest).segments().stream().findFirst();
      if (found.isEmpty()) {
        return Optional.empty();
      }
      Instant filmed = found.get().manifest().start();
      return store
          .video(found.get())
          .poster()
          .map(jpeg -> new Picture(filmed, ByteBuffer.wrap(jpeg)));
    } catch (IOException | JdbiException | StoreException e) {
      log.debug("there is no still for an alert of camera {}", alert.camera(), e);
      return Optional.empty();
    }
  }
}
