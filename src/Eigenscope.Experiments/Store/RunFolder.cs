using System.Globalization;
using System.Text.Json;
using Eigenscope.Formats;

namespace Eigenscope.Experiments.Store;

/// <summary>Reads the folder of a finished run.</summary>
internal static class RunFolder
{
    /// <summary>Reads its record and checks that the files are there in full length.</summary>
    /// <exception cref="DamagedRunException">Something is missing, cut off, or not what was written.</exception>
    public static RunRecord Read(string folder, string id)
    {
        RunRecord record = ReadRecord(folder, id);
        foreach (StoredFile file in record.Files)
        {
            FileInfo found = new(Path.Combine(folder, file.Name));
            if (!found.Exists || found.Length != file.Bytes)
                throw new DamagedRunException(string.Create(CultureInfo.InvariantCulture, $"{file.Name} is {(found.Exists ? $"{found.Length} bytes long" : "not there")}, expected {file.Bytes} bytes"));
        }
        return record;
    }

    /// <summary>Reads the content of all files against their checksums.</summary>
    /// <exception cref="DamagedRunException">A file is not what was written.</exception>
    public static void Verify(string folder, RunRecord record)
    {
        foreach (StoredFile file in record.Files)
        {
            if (!string.Equals(FileDigest.Sha256(Path.Combine(folder, file.Name)), file.Sha256, StringComparison.OrdinalIgnoreCase))
                throw new DamagedRunException($"{file.Name} has another checksum than when it was written");
        }
    }

    private static RunRecord ReadRecord(string folder, string id)
    {
        string path = Path.Combine(folder, RunStore.RecordName);
        try
        {
            RunRecord? record = JsonSerializer.Deserialize<RunRecord>(File.ReadAllBytes(path), StoreJson.Options);
            if (record is null || !string.Equals(record.Id, id, StringComparison.Ordinal))
                throw new DamagedRunException($"{RunStore.RecordName} is of another run");
            return record.Format <= RunStore.Format ? record : throw new DamagedRunException($"a newer version of eigenscope wrote it (format {record.Format})");
        }
        catch (Exception failure) when (failure is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new DamagedRunException($"{RunStore.RecordName} cannot be read ({RunStore.OneLine(failure)})", failure);
        }
    }
}
