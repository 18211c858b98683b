package io.github.raspberryspy.camera.source;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Who has a device open, as far as {@code /proc} tells this user: of other users' programs it says
 * nothing. Source: proc(5).
 */
final class DeviceUsers {

  private static final Path PROC = Path.of("/proc");

  private DeviceUsers() {}

  /**
   * Each user in words: {@code ffmpeg (pid 4711)}, or {@code this program itself}.
   *
   * @param isOpenHere whether the caller has it open once, which is not meant
   */
  static List<String> of(Path device, boolean isOpenHere) {
    return of(PROC, ProcessHandle.current().pid(), device, isOpenHere);
  }

  static List<String> of(Path proc, long ownPid, Path device, boolean isOpenHere) {
    List<String> users = new ArrayList<>();
    try (DirectoryStream<Path> processes = Files.newDirectoryStream(proc, "[0-9]*")) {
      for (Path process : processes) {
        boolean isOwn = process.getFileName().toString().equals(Long.toString(ownPid));
        if (openings(process, device) > (isOwn && isOpenHere ? 1 : 0)) {
          users.add(isOwn ? "this program itself" : name(process));
        }
      }
    } catch (IOException e) {
      return List.of(); // no /proc here
    }
    return users;
  }

  private static int openings(Path process, Path device) {
    int count = 0;
    try (DirectoryStream<Path> open = Files.newDirectoryStream(process.resolve("fd"))) {
      for (Path descriptor : open) {
        count += Files.readSymbolicLink(descriptor).equals(device) ? 1 : 0;
      }
    } catch (IOException e) {
      return count; // not ours to see, or over
    }
    return count;
  }

  private static String name(Path process) {
    String pid = "pid " + process.getFileName();
    try {
      return Files.readString(process.resolve("comm")).strip() + " (" + pid + ")";
    } catch (IOException e) {
      return pid;
    }
  }
}
