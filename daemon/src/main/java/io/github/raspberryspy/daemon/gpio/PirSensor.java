package io.github.raspberryspy.daemon.gpio;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.github.raspberryspy.camera.supervise.CameraFault;
import io.github.raspberryspy.camera.supervise.CameraFault.Kind;
import io.github.raspberryspy.motion.PirSignal;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a passive-infrared sensor read: takes its pin, passes on what it tells, and takes the pin
 * anew where that fails, with pauses that grow from one second to a minute. What is wrong is told
 * as a fault of the camera, which records on.
 *
 * <p>It works on a thread of its own, {@code pir-CAMERA}; Pi4J tells of changes on one of its own.
 */
public final class PirSensor implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(PirSensor.class);
  private static final Duration LOOK = Duration.ofSeconds(1);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(60);
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);

  private final String camera;
  private final PirConfig config;
  private final GpioPort port;
  private final PirSignal signal;
  private final Consumer<CameraFault> faults;
  private final Duration look;
  private final CountDownLatch stopping = new CountDownLatch(1);
  private final Thread thread;

  @GuardedBy("this")
  private boolean isHigh;

  private String told = ""; // what is wrong, as it was told; the sensor's own thread alone

  private PirSensor(
      String camera,
      PirConfig config,
      GpioPort port,
      PirSignal signal,
      Consumer<CameraFault> faults,
      Duration look) {
    this.camera = camera;
    this.config = config;
    this.port = port;
    this.signal = signal;
    this.faults = faults;
    this.look = look;
    this.thread = new Thread(this::run, "pir-" + camera);
    thread.setDaemon(true);
  }

  /**
   * Starts to read a sensor.
   *
   * @param signal told what the sensor sees, and while it cannot be read
   * @param faults told of what is wrong and when it is over, on the sensor's thread
   */
  public static PirSensor start(
      String camera,
      PirConfig config,
      GpioPort port,
      PirSignal signal,
      Consumer<CameraFault> faults) {
    return start(camera, config, port, signal, faults, LOOK);
  }

  static PirSensor start(
      String camera,
      PirConfig config,
      GpioPort port,
      PirSignal signal,
      Consumer<CameraFault> faults,
      Duration look) {
    PirSensor sensor = new PirSensor(camera, config, port, signal, faults, look);
    sensor.thread.start();
    return sensor;
  }

  /** Gives the pin back. Idempotent. */
  @Override
  public void close() {
    stopping.countDown();
    try {
      thread.join(CLOSE_TIMEOUT.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (thread.isAlive()) {
      log.warn("{} still waits for its pin", thread.getName());
    }
  }

  private void run() {
    Duration pause = look;
    while (stopping.getCount() > 0) {
      long took = System.nanoTime();
      try (GpioInput pin = port.input(config.input(), this::changed)) {
        took = System.nanoTime();
        watch(pin);
      } catch (RuntimeException | LinkageError e) { // whatever it was, the camera records on
        signal.lost(System.nanoTime());
        wrong(e.getMessage() + "; the picture counts alone");
        // One that worked for a while is tried again soon.
        pause = System.nanoTime() - took > LONGEST_PAUSE.toNanos() ? look : pause;
        waitFor(pause);
        Duration doubled = pause.multipliedBy(2);
        pause = doubled.compareTo(LONGEST_PAUSE) < 0 ? doubled : LONGEST_PAUSE;
      }
    }
    signal.lost(System.nanoTime());
  }

  /** Looks at the level now and then: a change that nobody told, and a pin that is gone, show. */
  private void watch(GpioInput pin) {
    changed(pin.isHigh(), System.nanoTime());
    while (true) {
      if (signal.isDoubted()) {
        wrong(
            String.format(
                "the sensor on GPIO %d of camera %s has seen nothing for %d h while the picture"
                    + " moved: the picture counts alone until it does",
                config.input().pin(), camera, PirSignal.SILENCE.toHours()));
      } else {
        right();
      }
      boolean before = level();
      if (waitFor(look)) {
        return;
      }
      boolean now = pin.isHigh();
      if (now != before && level() == before && !waitFor(config.input().debounce())) {
        if (pin.isHigh() == now && level() == before) {
          changed(now, System.nanoTime());
        }
      }
    }
  }

  private synchronized boolean level() {
    return isHigh;
  }

  private synchronized void changed(boolean high, long nanos) {
    isHigh = high;
    if (high == config.activeLow()) {
      signal.cold(nanos);
    } else {
      signal.warm(nanos);
    }
  }

  private void wrong(String sentence) {
    if (told.isEmpty()) {
      told = sentence;
      log.warn("camera {}: {}", camera, sentence);
      pass(new CameraFault(Kind.SENSOR_MISSING, false, true, sentence));
    }
  }

  private void right() {
    if (!told.isEmpty()) {
      told = "";
      String sentence =
          "the sensor on GPIO " + config.input().pin() + " of camera " + camera + " is read again";
      log.info("{}", sentence);
      pass(new CameraFault(Kind.SENSOR_MISSING, true, false, sentence));
    }
  }

  private void pass(CameraFault fault) {
    try {
      faults.accept(fault);
    } catch (RuntimeException e) { // the sensor is read on, whoever listens
      log.warn("A listener to faults of {} failed", camera, e);
    }
  }

  /** Whether the wait ended because of the stop. */
  private boolean waitFor(Duration time) {
    try {
      return stopping.await(time.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      stopping.countDown();
      return true;
    }
  }
}
