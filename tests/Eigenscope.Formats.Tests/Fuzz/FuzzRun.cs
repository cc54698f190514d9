using System.Diagnostics;
using System.Globalization;

namespace Eigenscope.Formats.Tests.Fuzz;

/// <summary>
/// Sends damaged files through a reader. A file may be read or refused by a <see cref="DataFormatException"/> of one short line; anything else, more memory than the bound, or more time, is a failure.
/// The reader has a thread of its own with a small stack, and one beside it watches the clock.
/// </summary>
internal sealed class FuzzRun(FuzzTarget target, TemporaryFolder folder)
{
    private const int StackBytes = 256 << 10;
    private const int LongestMessage = 1000;
    private const int MostFailures = 5;
    // Files of a few kilobytes take milliseconds; this much is a hang even on a machine that is busy with other things.
    private static readonly TimeSpan MostTime = TimeSpan.FromMinutes(1);

    private readonly List<string> _failures = [];
    private long _input = -1;
    private long _begun;
    private long _largest;
    private TimeSpan _slowest;
    private int _accepted;
    private int _done;

    /// <summary>What went wrong, at most five times.</summary>
    public IReadOnlyList<string> Failures => _failures;

    /// <summary>What was measured, in one line.</summary>
    public string Summary { get; private set; } = "";

    /// <summary>Inputs 0 to count − 1, each of which depends on its number alone.</summary>
    public void Go(int count)
    {
        long start = Stopwatch.GetTimestamp();
        Thread worker = new(() => Inputs(count), StackBytes) { IsBackground = true };
        worker.Start();
        while (!worker.Join(TimeSpan.FromMilliseconds(200)))
        {
            if (Stopwatch.GetElapsedTime(Volatile.Read(ref _begun)) <= MostTime || Volatile.Read(ref _input) < 0)
                continue;
            _failures.Add(string.Create(CultureInfo.InvariantCulture, $"{target.Name}, input {_input}: not read after {MostTime.TotalSeconds} s"));
            return;
        }
        Summary = string.Create(
            CultureInfo.InvariantCulture,
            $"{target.Name}: {_done} inputs in {Stopwatch.GetElapsedTime(start).TotalSeconds:F1} s, {_accepted} of them read; slowest {_slowest.TotalMilliseconds:F0} ms; most memory {_largest} bytes");
    }

    private void Inputs(int count)
    {
        foreach ((string name, byte[] bytes) in target.Beside)
            folder.Write(name, bytes);
        for (int i = -target.Seeds.Count; i < count && _failures.Count < MostFailures; i++)
        {
            byte[] bytes = i < 0 ? target.Seeds[i + target.Seeds.Count] : Input(i);
            string path = folder.Write("input", target.Wrap(bytes));
            Volatile.Write(ref _begun, Stopwatch.GetTimestamp());
            Volatile.Write(ref _input, i);
            string? failure = Failure(path, bytes.Length, mustRead: i < 0);
            _done++;
            if (failure is null)
                continue;
            string kept = Path.Combine(Path.GetTempPath(), string.Create(CultureInfo.InvariantCulture, $"eigenscope-fuzz-{target.Name.Replace(' ', '-')}-{i}"));
            File.Copy(path, kept, overwrite: true);
            _failures.Add(string.Create(CultureInfo.InvariantCulture, $"{target.Name}, input {i} (kept as {kept}): {failure}"));
        }
        Volatile.Write(ref _input, -1);
    }

    private byte[] Input(int number)
    {
        FuzzRandom random = new((ulong)number);
        return target.Mutate(random.Pick(target.Seeds), random, target.Seeds);
    }

    private string? Failure(string path, long size, bool mustRead)
    {
        Stopwatch watch = Stopwatch.StartNew();
        long before = GC.GetAllocatedBytesForCurrentThread();
        Exception? thrown = Thrown(path);
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        (_largest, _slowest) = (Math.Max(_largest, allocated), watch.Elapsed > _slowest ? watch.Elapsed : _slowest);
        long bound = FuzzTarget.FixedBytes + (target.BytesPerByte * size);
        if (thrown is null)
            _accepted++;
        if (thrown is not null && (mustRead || thrown is not DataFormatException))
            return thrown.ToString();
        if (thrown is not null && (thrown.Message.Length > LongestMessage || thrown.Message.Any(char.IsControl)))
            return $"a message of {thrown.Message.Length} letters that is not one short line: {thrown.Message}";
        return allocated > bound ? string.Create(CultureInfo.InvariantCulture, $"{allocated} bytes allocated for {size}, the bound is {bound}") : null;
    }

    private Exception? Thrown(string path)
    {
        try
        {
            target.Read(path);
            return null;
        }
        catch (Exception failure)
        {
            return failure;
        }
    }
}
