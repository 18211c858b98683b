package io.github.raspberryspy.natives.libc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.jna.Memory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@EnabledOnOs(OS.LINUX)
class LibCTest {

  private final LibC libc = LibC.load();

  @TempDir Path folder;

  @Test
  void aMessageArrives() {
    UnixAddress address = new UnixAddress(folder.resolve("s").toString());
    int receiver = libc.socket(LibC.AF_UNIX, LibC.SOCK_DGRAM | LibC.SOCK_CLOEXEC, 0);
    int sender = libc.socket(LibC.AF_UNIX, LibC.SOCK_DGRAM | LibC.SOCK_CLOEXEC, 0);
    try {
      assertThat(libc.bind(receiver, address.pointer(), address.size())).isZero();
      byte[] bytes = "hello".getBytes(StandardCharsets.UTF_8);
      assertThat(libc.sendto(sender, bytes, 4, 0, address.pointer(), address.size())).isEqualTo(4);
      byte[] into = new byte[16];
      assertThat(libc.recv(receiver, into, 16, LibC.MSG_DONTWAIT)).isEqualTo(4);
      assertThat(new String(into, 0, 5, StandardCharsets.UTF_8)).isEqualTo("hell\0");
    } finally {
      assertThat(libc.close(receiver)).isZero();
      assertThat(libc.close(sender)).isZero();
    }
  }

  @Test
  void aFailureHasItsNumber() {
    assertThat(libc.close(-1)).isEqualTo(-1);
    assertThat(libc.lastError()).isEqualTo(Errno.EBADF.number());
    assertThat(libc.socket(9999, 0, 0)).isEqualTo(-1);
    assertThat(libc.lastError()).isNotZero();
    int fd = libc.socket(LibC.AF_UNIX, LibC.SOCK_DGRAM, 0);
    try {
      UnixAddress nobody = new UnixAddress(folder.resolve("nobody").toString());
      assertThat(libc.sendto(fd, new byte[1], 1, 0, nobody.pointer(), nobody.size())).isEqualTo(-1);
      assertThat(libc.lastError()).isEqualTo(Errno.ENOENT.number());
      assertThat(libc.recv(fd, new byte[1], 1, LibC.MSG_DONTWAIT)).isEqualTo(-1);
      assertThat(libc.lastError()).isEqualTo(Errno.EAGAIN.number());
    } finally {
      libc.close(fd);
    }
  }

  @Test
  void anAddressIsLaidOutAsTheKernelWantsIt() {
    UnixAddress path = new UnixAddress("/run/x");
    assertThat(path.size()).isEqualTo(2 + 6 + 1);
    assertThat(((Memory) path.pointer()).getByteArray(2, 7))
        .isEqualTo("/run/x\0".getBytes(StandardCharsets.UTF_8));
    assertThat(path.pointer().getShort(0)).isEqualTo((short) LibC.AF_UNIX);
    UnixAddress hidden = new UnixAddress("@name");
    assertThat(hidden.size()).isEqualTo(2 + 5);
    assertThat(((Memory) hidden.pointer()).getByteArray(2, 5))
        .isEqualTo("\0name".getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void otherNamesAreRefused() {
    for (String name : new String[] {"", "/", "@", "x", "relative/x", "/" + "x".repeat(107)}) {
      assertThatThrownBy(() -> new UnixAddress(name))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("socket");
    }
    assertThat(new UnixAddress("/" + "x".repeat(106)).size()).isEqualTo(110);
  }
}
