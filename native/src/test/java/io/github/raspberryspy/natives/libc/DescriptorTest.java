package io.github.raspberryspy.natives.libc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.anyInt;
import static org.mockito.ArgumentMatchers.anyLong;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.times;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

import com.sun.jna.Pointer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@EnabledOnOs(OS.LINUX)
class DescriptorTest {

  private static final int READ_WRITE = LibC.PROT_READ | LibC.PROT_WRITE;

  private final LibC libc = LibC.load();

  @TempDir Path folder;

  @Test
  void aMappingShowsTheFileAndOutlivesItsDescriptor() throws IOException {
    Path file = Files.write(folder.resolve("é"), new byte[8192]);
    Descriptor descriptor = Descriptor.open(libc, file.toString(), LibC.O_RDWR | LibC.O_CLOEXEC);
    long address = descriptor.map(4096, READ_WRITE, 4096);
    new Pointer(address).setByte(5, (byte) 42);
    descriptor.close();
    descriptor.close();
    assertThat(Files.readAllBytes(file)[4101]).isEqualTo((byte) 42);
    assertThat(new Pointer(address).getByte(5)).isEqualTo((byte) 42);
    descriptor.unmap(address, 4096);
  }

  @Test
  void whatCannotBeOpenedOrMappedIsNamed() {
    String absent = folder.resolve("absent").toString();
    assertThatExceptionOfType(NativeException.class)
        .isThrownBy(() -> Descriptor.open(libc, absent, LibC.O_RDWR))
        .withMessage("open " + absent + ": ENOENT (2)");
    try (Descriptor counter = Descriptor.eventCounter(libc, "a counter")) {
      assertThatExceptionOfType(NativeException.class)
          .isThrownBy(() -> counter.map(4096, READ_WRITE, 0))
          .withMessage("mmap a counter: ENODEV (19)");
      assertThatExceptionOfType(NativeException.class)
          .isThrownBy(() -> counter.unmap(1, 4096))
          .withMessage("munmap a counter: EINVAL (22)");
      assertThat(counter.tryIoctl(0x80685600L, Pointer.NULL)).isEqualTo(Errno.ENOTTY.number());
      assertThatExceptionOfType(NativeException.class)
          .isThrownBy(() -> counter.ioctl("VIDIOC_QUERYCAP", 0x80685600L, Pointer.NULL))
          .withMessage("VIDIOC_QUERYCAP a counter: ENOTTY (25)");
    }
  }

  @Test
  void aCounterWakesAWaitUntilItIsDrained() {
    try (Descriptor counter = Descriptor.eventCounter(libc, "a counter");
        Descriptor twin = counter.duplicate()) {
      PollSet set = new PollSet(libc, "a counter", 2);
      set.watch(1, twin, LibC.POLLIN);
      assertThat(set.await(0)).isFalse();
      CompletableFuture<Void> waker = CompletableFuture.runAsync(counter::signal);
      assertThat(set.await(20_000)).isTrue();
      waker.join();
      assertThat(set.found(0)).isZero();
      assertThat(set.found(1)).isEqualTo(LibC.POLLIN);
      counter.drain();
      counter.drain();
      assertThat(set.await(0)).isFalse();
      counter.signal();
      set.watch(1, twin, 0);
      assertThat(set.await(0)).isFalse();
    }
  }

  @Test
  void aCallThatASignalInterruptedIsMadeAgain() {
    LibC interrupted = mock(LibC.class);
    when(interrupted.open("x", 0)).thenReturn(-1, -1, 7);
    when(interrupted.ioctl(anyInt(), anyLong(), any())).thenReturn(-1, 0);
    when(interrupted.poll(any(), anyInt(), anyInt())).thenReturn(-1, 1);
    when(interrupted.lastError()).thenReturn(Errno.EINTR.number());
    Descriptor descriptor = Descriptor.open(interrupted, "x", 0);
    assertThat(descriptor.number()).isEqualTo(7);
    assertThat(descriptor.tryIoctl(1, Pointer.NULL)).isZero();
    assertThat(new PollSet(interrupted, "x", 1).await(5)).isTrue();
    verify(interrupted, times(3)).open("x", 0);
    verify(interrupted, times(2)).poll(any(), anyInt(), anyInt());
  }

  @Test
  void aPollThatFailsSaysSo() {
    LibC broken = mock(LibC.class);
    when(broken.poll(any(), anyInt(), anyInt())).thenReturn(-1);
    when(broken.lastError()).thenReturn(Errno.ENOMEM.number());
    assertThatExceptionOfType(NativeException.class)
        .isThrownBy(() -> new PollSet(broken, "/dev/video0", 1).await(5))
        .withMessage("poll /dev/video0: ENOMEM (12)");
  }

  /** The number must be this thread's, whatever others do and whatever the JVM does in between. */
  @Test
  void eachThreadSeesItsOwnError() {
    List<CompletableFuture<Integer>> wrong = new ArrayList<>();
    for (int t = 0; t < 4; t++) {
      boolean absent = t % 2 == 0;
      wrong.add(CompletableFuture.supplyAsync(() -> wrongNumbers(absent)));
    }
    assertThat(wrong).allSatisfy(w -> assertThat(w.join()).isZero());
  }

  private int wrongNumbers(boolean absent) {
    int expected = absent ? Errno.ENOENT.number() : Errno.EBADF.number();
    int wrong = 0;
    for (int i = 0; i < 20_000; i++) {
      int result = absent ? libc.open("/absent", 0) : libc.close(-1);
      byte[] garbage = new byte[i % 512];
      wrong += result == -1 && libc.lastError() == expected && garbage.length < 512 ? 0 : 1;
    }
    return wrong;
  }
}
