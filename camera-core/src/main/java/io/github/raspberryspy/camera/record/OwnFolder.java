package io.github.raspberryspy.camera.record;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.util.Set;

/** A folder where everybody may make folders, as in {@code /dev/shm}, that is this user's alone. */
final class OwnFolder {

  private static final Set<PosixFilePermission> OWNER_ONLY =
      PosixFilePermissions.fromString("rwx------");

  private OwnFolder() {}

  /**
   * Makes it, or makes sure that it is what this would have made. Above it folders are made as
   * usual.
   *
   * @throws IOException if somebody else made it, or it is a link
   */
  static void claim(Path folder) throws IOException {
    Files.createDirectories(folder.toAbsolutePath().getParent());
    if (!Files.getFileStore(folder.toAbsolutePath().getParent())
        .supportsFileAttributeView("posix")) {
      Files.createDirectories(folder);
      return;
    }
    try {
      Files.createDirectory(folder, PosixFilePermissions.asFileAttribute(OWNER_ONLY));
    } catch (FileAlreadyExistsException e) {
      PosixFileAttributes found =
          Files.readAttributes(folder, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
      if (!found.isDirectory() || !found.owner().equals(self(folder))) {
        throw new IOException(folder + " is not this user's own folder", e);
      }
      Files.setPosixFilePermissions(folder, OWNER_ONLY);
    }
  }

  private static UserPrincipal self(Path folder) throws IOException {
    return folder
        .getFileSystem()
        .getUserPrincipalLookupService()
        .lookupPrincipalByName(System.getProperty("user.name"));
  }
}
