package io.github.raspberryspy.natives.systemd;

import io.github.raspberryspy.natives.libc.LibC;
import io.github.raspberryspy.natives.libc.NativeException;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Tells the service manager how this process fares, by datagrams to the socket that it named in
 * {@code NOTIFY_SOCKET}. Without that variable, and on other systems than Linux, every method does
 * nothing. Thread-safe; no call waits.
 *
 * <p>Source: sd_notify(3), section "Standalone Implementations", and sd_watchdog_enabled(3).
 */
public final class ServiceManager {

  private static final int MAX_STATUS = 500;

  private final Optional<NotifySocket> socket;
  private final Optional<Duration> watchdog;

  private ServiceManager(Optional<NotifySocket> socket, Optional<Duration> watchdog) {
    this.socket = socket;
    this.watchdog = watchdog;
  }

  /**
   * The one that started this process, if one did.
   *
   * @throws IllegalArgumentException if its variables make no sense
   */
  public static ServiceManager fromEnvironment() {
    boolean linux = System.getProperty("os.name", "").toLowerCase(Locale.ROOT).startsWith("linux");
    return of(linux ? System.getenv() : Map.of(), ProcessHandle.current().pid(), LibC::load);
  }

  static ServiceManager of(Map<String, String> environment, long pid, Supplier<LibC> libc) {
    String name = environment.getOrDefault("NOTIFY_SOCKET", "");
    if (name.isEmpty()) {
      return new ServiceManager(Optional.empty(), Optional.empty());
    }
    return new ServiceManager(
        Optional.of(new NotifySocket(name, libc.get())), watchdog(environment, pid));
  }

  /** Whether somebody listens. */
  public boolean isPresent() {
    return socket.isPresent();
  }

  /**
   * Says that this process does its work now.
   *
   * @throws NativeException if the message cannot be sent
   */
  public void ready() {
    send("READY=1");
  }

  /**
   * Says that this process is about to end.
   *
   * @throws NativeException if the message cannot be sent
   */
  public void stopping() {
    send("STOPPING=1");
  }

  /**
   * Says in one line what this process does, for {@code systemctl status}.
   *
   * @throws NativeException if the message cannot be sent
   */
  public void status(String text) {
    String line = text.replaceAll("\\p{Cntrl}+", " ");
    send("STATUS=" + (line.length() > MAX_STATUS ? line.substring(0, MAX_STATUS) : line));
  }

  /**
   * Says that this process is alive; to be called more often than every {@link #watchdogInterval}.
   *
   * @throws NativeException if the message cannot be sent
   */
  public void keepAlive() {
    send("WATCHDOG=1");
  }

  /**
   * How often to call {@link #keepAlive}: half of the time after which the service manager takes
   * this process for dead. Empty where it does not watch.
   */
  public Optional<Duration> watchdogInterval() {
    return watchdog;
  }

  private void send(String message) {
    socket.ifPresent(s -> s.send(message));
  }

  private static Optional<Duration> watchdog(Map<String, String> environment, long pid) {
    String usec = environment.getOrDefault("WATCHDOG_USEC", "");
    String forPid = environment.getOrDefault("WATCHDOG_PID", "");
    if (usec.isEmpty() || !(forPid.isEmpty() || forPid.equals(Long.toString(pid)))) {
      return Optional.empty();
    }
    if (!usec.matches("[0-9]{1,15}") || Long.parseLong(usec) == 0) {
      throw new IllegalArgumentException(
          "WATCHDOG_USEC \"" + usec + "\" is no number of microseconds above 0");
    }
    return Optional.of(Duration.ofNanos(Long.parseLong(usec) * 1000 / 2));
  }
}
