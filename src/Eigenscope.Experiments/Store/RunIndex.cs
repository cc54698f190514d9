using System.Globalization;
using System.Text.Json;
using Microsoft.Data.Sqlite;

namespace Eigenscope.Experiments.Store;

/// <summary>
/// What a store holds, at once and by any option: a SQLite file beside the folders, which are the truth. Opening it brings it up to date by the folders' names, since a finished run never changes; one that is
/// lost, damaged or cannot be written is built again, in memory if need be.
/// </summary>
internal sealed class RunIndex : IDisposable
{
    private const int Shape = 1;

    // SQLite's result codes.
    private const int Error = 1;
    private const int Corrupt = 11;
    private const int NotADatabase = 26;
    private const string Columns = "id, command, name, status, error, seed, loss, accuracy, test_accuracy, seconds, finished, options, facts";
    private readonly RunStore _store;
    private readonly SqliteConnection _connection;

    private RunIndex(RunStore store, SqliteConnection connection)
    {
        _store = store;
        _connection = connection;
    }

    /// <summary>Opens the index of a store, up to date.</summary>
    public static RunIndex Open(RunStore store)
    {
        try
        {
            return OpenFile(store);
        }
        catch (Exception failure) when (failure is SqliteException or StoreException or UnauthorizedAccessException)
        {
            // Read-only, or held by another process for longer than is waited for: nothing is lost but time.
            return Build(store, Connect(":memory:"));
        }
    }

    /// <summary>Runs that a filter lets through, the latest first.</summary>
    public IReadOnlyList<IndexedRun> List(RunFilter filter)
    {
        using SqliteCommand command = _connection.CreateCommand();
        command.CommandText = $"SELECT {Columns} FROM runs{filter.Where(command)} ORDER BY finished DESC, id";
        List<IndexedRun> runs = [];
        using SqliteDataReader reader = command.ExecuteReader();
        while (reader.Read())
            runs.Add(Read(reader));
        return runs;
    }

    /// <summary>Runs whose identity begins so, at most two.</summary>
    public IReadOnlyList<string> Match(string prefix)
    {
        using SqliteCommand command = _connection.CreateCommand();
        command.CommandText = "SELECT id FROM runs WHERE substr(id, 1, length($prefix)) = $prefix LIMIT 2";
        command.Parameters.AddWithValue("$prefix", prefix);
        List<string> ids = [];
        using SqliteDataReader reader = command.ExecuteReader();
        while (reader.Read())
            ids.Add(reader.GetString(0));
        return ids;
    }

    /// <summary>Brings the index up to date with the folders.</summary>
    public void Update()
    {
        HashSet<string> finished = [.. _store.FinishedIds()];
        HashSet<string> failed = [.. _store.FailedIds()];
        failed.ExceptWith(finished);
        Dictionary<string, string> known = Known();
        string[] gone = [.. known.Keys.Where(id => !finished.Contains(id) && !failed.Contains(id))];
        // A failure may have been replaced by another, or by a result; a folder that was damaged may have been mended. There are few of either.
        string[] news = [.. finished.Where(id => !known.TryGetValue(id, out string? status) || status is not RunRecord.Done), .. failed];
        if (gone.Length == 0 && news.Length == 0)
            return;
        using SqliteTransaction transaction = _connection.BeginTransaction();
        foreach (string id in gone)
            Remove(id);
        using SqliteCommand insert = Insert();
        foreach (string id in news)
            Add(insert, IndexedRun.Of(_store, id, isFinished: finished.Contains(id)));
        transaction.Commit();
    }

    public void Dispose() => _connection.Dispose();

    private static RunIndex OpenFile(RunStore store)
    {
        try
        {
            return Build(store, Connect(store.IndexPath));
        }
        catch (Exception damage) when (damage is InvalidCastException or FormatException or JsonException or SqliteException { SqliteErrorCode: Corrupt or NotADatabase or Error })
        {
            foreach (string suffix in (string[])["", "-journal", "-wal", "-shm"])
                store.Files.DeleteFile(store.IndexPath + suffix);
            return Build(store, Connect(store.IndexPath));
        }
    }

    private static RunIndex Build(RunStore store, SqliteConnection connection)
    {
        try
        {
            RunIndex index = new(store, connection);
            index.CreateTables();
            index.Update();
            return index;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private static SqliteConnection Connect(string path)
    {
        // Not pooled: a pool would keep the file open after a store is closed.
        SqliteConnection connection = new(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false, DefaultTimeout = 10 }.ToString());
        connection.Open();
        // What the folders say again after a power cut need not be flushed.
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = "PRAGMA synchronous = OFF; PRAGMA temp_store = MEMORY;";
        command.ExecuteNonQuery();
        return connection;
    }

    private void CreateTables()
    {
        if (ReadShape() == Shape)
            return;
        // Whoever else opens it for the first time waits, and then finds it made.
        using SqliteTransaction transaction = _connection.BeginTransaction(deferred: false);
        if (ReadShape() == Shape)
            return;
        using SqliteCommand command = _connection.CreateCommand();
        command.CommandText = string.Create(CultureInfo.InvariantCulture, $"""
            DROP TABLE IF EXISTS runs;
            CREATE TABLE runs (
                id TEXT PRIMARY KEY, command TEXT NOT NULL, name TEXT NOT NULL, status TEXT NOT NULL, error TEXT, seed TEXT NOT NULL, loss REAL, accuracy REAL, test_accuracy REAL,
                seconds REAL, finished TEXT NOT NULL, options TEXT NOT NULL, facts TEXT) WITHOUT ROWID;
            PRAGMA user_version = {Shape};
            """);
        command.ExecuteNonQuery();
        transaction.Commit();
    }

    private long ReadShape()
    {
        using SqliteCommand command = _connection.CreateCommand();
        command.CommandText = "PRAGMA user_version";
        return (long)command.ExecuteScalar()!;
    }

    private Dictionary<string, string> Known()
    {
        using SqliteCommand command = _connection.CreateCommand();
        command.CommandText = "SELECT id, status FROM runs";
        Dictionary<string, string> known = new(StringComparer.Ordinal);
        using SqliteDataReader reader = command.ExecuteReader();
        while (reader.Read())
            known[reader.GetString(0)] = reader.GetString(1);
        return known;
    }

    private void Remove(string id)
    {
        using SqliteCommand command = _connection.CreateCommand();
        command.CommandText = "DELETE FROM runs WHERE id = $id";
        command.Parameters.AddWithValue("$id", id);
        command.ExecuteNonQuery();
    }

    private SqliteCommand Insert()
    {
        SqliteCommand command = _connection.CreateCommand();
        string[] names = [.. Columns.Split(", ").Select(static column => "$" + column)];
        command.CommandText = $"INSERT OR REPLACE INTO runs ({Columns}) VALUES ({string.Join(", ", names)})";
        foreach (string name in names)
            command.Parameters.Add(new SqliteParameter { ParameterName = name });
        return command;
    }

    private static void Add(SqliteCommand insert, IndexedRun run)
    {
        object?[] values =
        [
            run.Id, run.Command, run.Name, run.Status, run.Error, run.Seed.ToString(CultureInfo.InvariantCulture), run.Loss, run.Accuracy, run.TestAccuracy, run.Seconds,
            run.Finished.ToUniversalTime().ToString("O", CultureInfo.InvariantCulture), JsonSerializer.Serialize(run.Options, StoreJson.Compact), run.FactsText,
        ];
        for (int i = 0; i < values.Length; i++)
            insert.Parameters[i].Value = values[i] ?? DBNull.Value;
        insert.ExecuteNonQuery();
    }

    private static IndexedRun Read(SqliteDataReader reader) => new()
    {
        Id = reader.GetString(0),
        Command = reader.GetString(1),
        Name = reader.GetString(2),
        Status = reader.GetString(3),
        Error = Text(reader, 4),
        Seed = ulong.Parse(reader.GetString(5), CultureInfo.InvariantCulture),
        Loss = Real(reader, 6),
        Accuracy = Real(reader, 7),
        TestAccuracy = Real(reader, 8),
        Seconds = Real(reader, 9),
        Finished = DateTimeOffset.Parse(reader.GetString(10), CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind),
        Options = JsonSerializer.Deserialize<SortedDictionary<string, string>>(reader.GetString(11), StoreJson.Compact)!,
        FactsText = Text(reader, 12),
    };

    private static string? Text(SqliteDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetString(column);

    private static double? Real(SqliteDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetDouble(column);
}
