package io.github.raspberryspy.natives.systemd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.anyInt;
import static org.mockito.ArgumentMatchers.anyLong;
import static org.mockito.ArgumentMatchers.eq;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.times;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

import io.github.raspberryspy.natives.libc.Errno;
import io.github.raspberryspy.natives.libc.LibC;
import io.github.raspberryspy.natives.libc.NativeException;
import io.github.raspberryspy.natives.libc.UnixAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ServiceManagerTest {

  private static final long PID = 4711;

  private static ServiceManager watched(Map<String, String> more) {
    var environment = new java.util.HashMap<>(more);
    environment.put("NOTIFY_SOCKET", "@x");
    return ServiceManager.of(environment, PID, () -> mock(LibC.class));
  }

  @Test
  void withoutAServiceManagerNothingHappens() {
    ServiceManager nobody =
        ServiceManager.of(
            Map.of("WATCHDOG_USEC", "1000000"),
            PID,
            () -> {
              throw new AssertionError("the C library is not needed");
            });
    assertThat(nobody.isPresent()).isFalse();
    nobody.ready();
    nobody.status("fine");
    nobody.keepAlive();
    nobody.stopping();
    assertThat(nobody.watchdogInterval()).isEmpty();
  }

  @Test
  void theWatchdogIsFedTwiceInItsTime() {
    assertThat(watched(Map.of("WATCHDOG_USEC", "30000000")).watchdogInterval())
        .contains(Duration.ofSeconds(15));
    assertThat(
            watched(Map.of("WATCHDOG_USEC", "30000000", "WATCHDOG_PID", "4711")).watchdogInterval())
        .contains(Duration.ofSeconds(15));
    assertThat(
            watched(Map.of("WATCHDOG_USEC", "30000000", "WATCHDOG_PID", "4712")).watchdogInterval())
        .isEmpty();
    assertThat(watched(Map.of()).watchdogInterval()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "-1", "soon", "99999999999999999999"})
  void aWatchdogTimeThatIsNoneIsNamed(String usec) {
    assertThatThrownBy(() -> watched(Map.of("WATCHDOG_USEC", usec)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("WATCHDOG_USEC")
        .hasMessageContaining(usec);
  }

  /** Whatever fails, the message says which call, for what, and why; no descriptor leaks. */
  @Nested
  class Failures {
    private final LibC libc = mock(LibC.class);
    private final ServiceManager manager =
        ServiceManager.of(Map.of("NOTIFY_SOCKET", "/run/notify"), PID, () -> libc);

    private void sendtoReturns(long first, Long... more) {
      when(libc.sendto(anyInt(), any(), anyLong(), anyInt(), any(), anyInt()))
          .thenReturn(first, more);
    }

    @Test
    void noSocket() {
      when(libc.socket(anyInt(), anyInt(), anyInt())).thenReturn(-1);
      when(libc.lastError()).thenReturn(Errno.EMFILE.number());
      assertThatThrownBy(manager::ready)
          .isInstanceOf(NativeException.class)
          .hasMessage("socket /run/notify: EMFILE (24)");
      verify(libc, never()).close(anyInt());
    }

    @Test
    void nobodyListens() {
      when(libc.socket(anyInt(), anyInt(), anyInt())).thenReturn(7);
      sendtoReturns(-1);
      when(libc.lastError()).thenReturn(Errno.ECONNREFUSED.number());
      assertThatThrownBy(manager::keepAlive)
          .isInstanceOf(NativeException.class)
          .hasMessage("sendto /run/notify: ECONNREFUSED (111)");
      verify(libc).close(7);
    }

    @Test
    void aSignalIsNoFailure() {
      when(libc.socket(anyInt(), anyInt(), anyInt())).thenReturn(7);
      sendtoReturns(-1, -1L, 7L);
      when(libc.lastError()).thenReturn(Errno.EINTR.number());
      manager.ready();
      verify(libc, times(3))
          .sendto(eq(7), any(), eq(7L), eq(LibC.MSG_NOSIGNAL | LibC.MSG_DONTWAIT), any(), eq(14));
      verify(libc).close(7);
    }

    @Test
    void signalsWithoutEndAreAFailure() {
      when(libc.socket(anyInt(), anyInt(), anyInt())).thenReturn(7);
      sendtoReturns(-1);
      when(libc.lastError()).thenReturn(Errno.EINTR.number());
      assertThatThrownBy(manager::ready).hasMessageContaining("EINTR (4)");
      verify(libc).close(7);
    }
  }

  /** Against a real socket, which the test binds as the service manager does. */
  @Nested
  @EnabledOnOs(OS.LINUX)
  class RealSocket {
    private final LibC libc = LibC.load();

    @TempDir Path folder;

    private void check(String name) {
      UnixAddress address = new UnixAddress(name);
      int fd = libc.socket(LibC.AF_UNIX, LibC.SOCK_DGRAM | LibC.SOCK_CLOEXEC, 0);
      try {
        assertThat(libc.bind(fd, address.pointer(), address.size())).isZero();
        ServiceManager manager = ServiceManager.of(Map.of("NOTIFY_SOCKET", name), PID, () -> libc);
        assertThat(manager.isPresent()).isTrue();
        manager.ready();
        assertThat(received(fd)).isEqualTo("READY=1");
        manager.status("2 cameras record\nREADY=0 „Straße“");
        assertThat(received(fd)).isEqualTo("STATUS=2 cameras record READY=0 „Straße“");
        manager.status("x".repeat(100_000));
        assertThat(received(fd)).hasSize("STATUS=".length() + 500);
        manager.keepAlive();
        assertThat(received(fd)).isEqualTo("WATCHDOG=1");
        manager.stopping();
        assertThat(received(fd)).isEqualTo("STOPPING=1");
      } finally {
        libc.close(fd);
      }
    }

    private String received(int fd) {
      byte[] into = new byte[1000];
      int length = (int) libc.recv(fd, into, into.length, LibC.MSG_DONTWAIT);
      assertThat(length).as("errno %d", libc.lastError()).isPositive();
      return new String(into, 0, length, StandardCharsets.UTF_8);
    }

    @Test
    void aPath() {
      check(folder.resolve("notify").toString());
    }

    @Test
    void anAbstractName() {
      check("@raspberryspy-test-" + ProcessHandle.current().pid());
    }

    @Test
    void manyMessagesLeaveNoDescriptorOpen() {
      String name = "@raspberryspy-many-" + ProcessHandle.current().pid();
      UnixAddress address = new UnixAddress(name);
      int fd = libc.socket(LibC.AF_UNIX, LibC.SOCK_DGRAM, 0);
      try {
        assertThat(libc.bind(fd, address.pointer(), address.size())).isZero();
        ServiceManager manager = ServiceManager.of(Map.of("NOTIFY_SOCKET", name), PID, () -> libc);
        int before = new java.io.File("/proc/self/fd").list().length;
        for (int i = 0; i < 2000; i++) {
          manager.keepAlive();
          assertThat(received(fd)).isEqualTo("WATCHDOG=1");
        }
        assertThat(new java.io.File("/proc/self/fd").list().length).isLessThan(before + 10);
      } finally {
        libc.close(fd);
      }
    }

    @Test
    void whereNobodyListensTheFailureIsNamed() {
      String name = folder.resolve("gone").toString();
      ServiceManager manager = ServiceManager.of(Map.of("NOTIFY_SOCKET", name), PID, () -> libc);
      assertThatThrownBy(manager::ready).hasMessage("sendto " + name + ": ENOENT (2)");
    }
  }

  @Test
  void inThisProcessItDoesNotThrow() {
    ServiceManager manager = ServiceManager.fromEnvironment();
    assertThat(manager.isPresent()).isEqualTo(System.getenv("NOTIFY_SOCKET") != null);
  }
}
