namespace Eigenscope.Experiments.Store;

/// <summary>Every change that a store makes on disk passes through here, one small step at a time, so that each of them can be made to fail in turn.</summary>
public abstract class StoreFiles
{
    /// <summary>Files on a real disk.</summary>
    public static StoreFiles Disk { get; } = new DiskFiles();

    /// <summary>Called before every step that changes something; may throw in its place.</summary>
    /// <param name="step">What is about to happen.</param>
    /// <param name="path">To which file or folder.</param>
    protected abstract void Before(StoreStep step, string path);

    /// <summary>Creates a folder, and those above it.</summary>
    /// <exception cref="StoreException">It cannot be created.</exception>
    internal void CreateFolder(string path)
    {
        if (Directory.Exists(path))
            return;
        Changing(() =>
        {
            Before(StoreStep.CreateFolder, path);
            Directory.CreateDirectory(path);
        });
    }

    /// <summary>Writes a file whole or not at all: under a temporary name in the same folder, flushed to the disk, renamed.</summary>
    /// <exception cref="StoreException">The file cannot be written; one that was there is as it was.</exception>
    internal void Write(string path, Action<Stream> write)
    {
        string temporary = Aside(path);
        Within(temporary, () =>
        {
            Before(StoreStep.CreateFile, temporary);
            using (FileStream file = new(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1))
            {
                using BufferedStream content = new(new CheckedStream(file, () => Before(StoreStep.WriteBytes, temporary)), 1 << 16);
                write(content);
                content.Flush();
                Before(StoreStep.FlushFile, temporary);
                file.Flush(flushToDisk: true);
            }
            Before(StoreStep.RenameFile, path);
            File.Move(temporary, path, overwrite: true);
        });
    }

    /// <summary>The same for a writer that takes a path and writes whole or not at all by itself.</summary>
    internal void Write(string path, Action<string> write)
    {
        string temporary = Aside(path);
        Within(temporary, () =>
        {
            Before(StoreStep.CreateFile, temporary);
            write(temporary);
            Before(StoreStep.RenameFile, path);
            File.Move(temporary, path, overwrite: true);
        });
    }

    /// <summary>Renames a folder.</summary>
    /// <returns>False, with nothing changed, when there is something at the new name already, or nothing at the old one.</returns>
    /// <exception cref="StoreException">It cannot be renamed.</exception>
    internal bool TryMoveFolder(string from, string to)
    {
        bool moved = false;
        Changing(() =>
        {
            Before(StoreStep.RenameFolder, to);
            try
            {
                Directory.Move(from, to);
                moved = true;
            }
            catch (IOException) when (Directory.Exists(to) || !Directory.Exists(from))
            {
                // Somebody was faster.
            }
        });
        return moved;
    }

    /// <summary>Deletes a file if it is there.</summary>
    internal void DeleteFile(string path)
    {
        if (!File.Exists(path))
            return;
        Changing(() =>
        {
            Before(StoreStep.Delete, path);
            File.Delete(path);
        });
    }

    /// <summary>Deletes a folder with all that is in it, if it is there.</summary>
    internal void DeleteFolder(string path)
    {
        if (!Directory.Exists(path))
            return;
        Changing(() =>
        {
            Before(StoreStep.Delete, path);
            if (Directory.Exists(path))
                Directory.Delete(path, recursive: true);
        });
    }

    private static string Aside(string path) => Path.Combine(Path.GetDirectoryName(path)!, $".{Path.GetFileName(path)}.{Path.GetRandomFileName()}");

    private void Within(string temporary, Action write)
    {
        try
        {
            Changing(write);
        }
        finally
        {
            try
            {
                DeleteFile(temporary);
            }
            catch (StoreException)
            {
                // What is left is swept up with the folder it is in; the first failure says more.
            }
        }
    }

    private static void Changing(Action change)
    {
        try
        {
            change();
        }
        catch (Exception failure) when (failure is IOException and not StoreException or UnauthorizedAccessException)
        {
            throw new StoreException(failure.Message, failure);
        }
    }

    private sealed class DiskFiles : StoreFiles
    {
        protected override void Before(StoreStep step, string path)
        {
        }
    }

    /// <summary>A stream that asks before every write.</summary>
    private sealed class CheckedStream(FileStream file, Action before) : Stream
    {
        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => file.Length;

        public override long Position
        {
            get => file.Position;
            set => throw new NotSupportedException();
        }

        public override void Flush() => file.Flush();

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            before();
            file.Write(buffer);
        }
    }
}

/// <summary>A step that changes a store.</summary>
public enum StoreStep
{
    /// <summary>A folder is created.</summary>
    CreateFolder,

    /// <summary>A file is created.</summary>
    CreateFile,

    /// <summary>Bytes are written to it.</summary>
    WriteBytes,

    /// <summary>It is flushed to the disk.</summary>
    FlushFile,

    /// <summary>It gets its name.</summary>
    RenameFile,

    /// <summary>A folder gets its name.</summary>
    RenameFolder,

    /// <summary>A file or folder is deleted.</summary>
    Delete,
}
