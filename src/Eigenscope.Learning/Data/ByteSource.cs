using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using Eigenscope.Formats;
using Microsoft.Win32.SafeHandles;

namespace Eigenscope.Learning.Data;

/// <summary>
/// Samples of one byte a value, such as images, scaled as they are read. They stay as they are in memory (an eighth of what doubles take) or in their file (nothing); labels are always in memory.
/// The numbers are those of a <see cref="Dataset"/> of the same file, to the bit. Disposing it closes the file.
/// </summary>
public sealed class ByteSource : SampleSource, IDisposable
{
    private const int IdxMagic = 4;
    private readonly byte[] _values = [];
    private readonly SafeFileHandle? _file;
    private readonly long _offset;
    private readonly int _gap;
    private readonly int[] _labels;
    private readonly double[][] _tables;
    private readonly float[][] _singleTables;

    /// <summary>Creates a source of samples in memory.</summary>
    /// <param name="name">Short name, for messages and reports.</param>
    /// <param name="values">N × (sample shape), one after another; kept, not copied.</param>
    /// <param name="labels">N ≥ 1 classes; kept, not copied.</param>
    /// <param name="sampleShape">Shape of a sample, channels first: [1, 28, 28]; one channel where there is only one axis.</param>
    /// <param name="scaling">How bytes become numbers.</param>
    /// <exception cref="ArgumentException">Sizes that do not fit, or a scaling that does not fit the channels.</exception>
    public ByteSource(string name, byte[] values, int[] labels, IReadOnlyList<int> sampleShape, PixelScaling scaling)
        : this(name, labels, sampleShape, scaling)
    {
        ArgumentNullException.ThrowIfNull(values);
        if (values.Length != (long)SampleCount * SampleSize)
            throw new ArgumentException($"expected {SampleCount} × {SampleSize} bytes, got {values.Length}", nameof(values));
        _values = values;
    }

    private ByteSource(string name, SafeFileHandle file, (long Offset, int Gap) place, int[] labels, IReadOnlyList<int> sampleShape, PixelScaling scaling)
        : this(name, labels, sampleShape, scaling)
    {
        _file = file;
        (_offset, _gap) = place;
    }

    private ByteSource(string name, int[] labels, IReadOnlyList<int> sampleShape, PixelScaling scaling)
        : base(name, CountOf(labels), SizeOf(sampleShape))
    {
        ArgumentNullException.ThrowIfNull(scaling);
        SampleShape = [.. sampleShape];
        _labels = labels;
        _tables = scaling.Tables(sampleShape.Count > 1 ? sampleShape[0] : 1, nameof(scaling));
        _singleTables = [.. _tables.Select(static table => Array.ConvertAll(table, static value => (float)value))];
    }

    /// <summary>Shape of one sample, channels first.</summary>
    public IReadOnlyList<int> SampleShape { get; }

    /// <summary>Opens images in an IDX file of bytes that is not compressed, and leaves them there.</summary>
    /// <param name="images">The images: 2 to 4 axes; images without channels get one.</param>
    /// <param name="labels">Their labels, an IDX file of one axis.</param>
    /// <param name="scaling">How bytes become numbers.</param>
    /// <returns>The source; to be disposed.</returns>
    /// <exception cref="DataException">A file is missing or compressed, is not what was expected, or the two do not fit.</exception>
    /// <exception cref="DataFormatException">The labels are no IDX file.</exception>
    /// <exception cref="ArgumentException">The scaling does not fit the channels.</exception>
    public static ByteSource OpenIdx(string images, string labels, PixelScaling scaling)
    {
        ArgumentNullException.ThrowIfNull(images);
        ArgumentNullException.ThrowIfNull(labels);
        return Opened(images, file =>
        {
            int[] shape = ReadIdxShape(images, file);
            IdxArray classes = IdxFile.Read(labels);
            if (classes.Shape.Length != 1 || classes.StoredItems != shape[0])
                throw new DataException(labels, $"expected a label for each of {shape[0]} images in {Path.GetFileName(images)}, got an array of shape [{string.Join(", ", classes.Shape)}]");
            int[] sampleShape = shape.Length == 3 ? [1, .. shape[1..]] : shape[1..];
            long offset = IdxMagic + (sizeof(int) * shape.Length);
            RequireLength(images, file, offset + (shape[0] * (long)SizeOf(sampleShape)));
            int[] numbers = [.. WholeNumbers.Require(classes.Values, labels).Select(static number => checked((int)number))];
            return new ByteSource(Path.GetFileName(images), file, (offset, 0), numbers, sampleShape, scaling);
        });
    }

    /// <summary>Opens a file of records, each a byte with the class and then the sample, as those of CIFAR-10, and leaves the samples there.</summary>
    /// <param name="path">The file.</param>
    /// <param name="sampleShape">Shape of a sample, channels first: [3, 32, 32].</param>
    /// <param name="scaling">How bytes become numbers.</param>
    /// <returns>The source; to be disposed.</returns>
    /// <exception cref="DataException">The file is missing, empty, or not a whole number of records.</exception>
    /// <exception cref="ArgumentException">The scaling does not fit the channels.</exception>
    public static ByteSource OpenRecords(string path, IReadOnlyList<int> sampleShape, PixelScaling scaling)
    {
        ArgumentNullException.ThrowIfNull(path);
        int record = 1 + SizeOf(sampleShape);
        return Opened(path, file =>
        {
            long length = RandomAccess.GetLength(file);
            if (length == 0 || length % record != 0 || length / record > Array.MaxLength)
                throw new DataException(path, $"expected records of {record} bytes (a class and {record - 1} values), got {length} bytes");
            int[] labels = ReadRecordLabels(file, (int)(length / record), record);
            return new ByteSource(Path.GetFileName(path), file, (1, 1), labels, sampleShape, scaling);
        });
    }

    /// <inheritdoc/>
    public void Dispose() => _file?.Dispose();

    /// <inheritdoc/>
    protected override int ReadCore(int start, int count, Span<double> inputs, Span<int> labels) => Read(start, count, inputs, labels, _tables);

    /// <inheritdoc/>
    protected override int ReadCore(int start, int count, Span<float> inputs, Span<int> labels) => Read(start, count, inputs, labels, _singleTables);

    private int Read<T>(int start, int count, Span<T> inputs, Span<int> labels, T[][] tables)
    {
        _labels.AsSpan(start, count).CopyTo(labels);
        if (_file is null)
        {
            Scale(_values.AsSpan(start * SampleSize, count * SampleSize), 0, count, inputs, tables);
            return count;
        }
        byte[] buffer = ArrayPool<byte>.Shared.Rent(count * (SampleSize + _gap));
        try
        {
            Span<byte> records = buffer.AsSpan(0, (count * (SampleSize + _gap)) - _gap);
            int delivered = (ReadFully(_file, records, _offset + (start * (long)(SampleSize + _gap))) + _gap) / (SampleSize + _gap);
            Scale(records, _gap, delivered, inputs, tables);
            return delivered;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private void Scale<T>(ReadOnlySpan<byte> records, int gap, int count, Span<T> inputs, T[][] tables)
    {
        int area = SampleSize / tables.Length;
        for (int i = 0; i < count; i++)
        {
            for (int channel = 0; channel < tables.Length; channel++)
            {
                T[] table = tables[channel];
                ReadOnlySpan<byte> source = records.Slice((i * (SampleSize + gap)) + (channel * area), area);
                Span<T> destination = inputs.Slice((i * SampleSize) + (channel * area), area);
                for (int j = 0; j < source.Length; j++)
                    destination[j] = table[source[j]];
            }
        }
    }

    private static int CountOf(int[] labels)
    {
        ArgumentNullException.ThrowIfNull(labels);
        return labels.Length > 0 ? labels.Length : throw new ArgumentException("expected at least one sample, got none", nameof(labels));
    }

    private static int SizeOf(IReadOnlyList<int> sampleShape)
    {
        ArgumentNullException.ThrowIfNull(sampleShape);
        if (sampleShape.Count == 0 || sampleShape.Any(static extent => extent < 1))
            throw new ArgumentException($"expected extents of at least 1, got [{string.Join(", ", sampleShape)}]", nameof(sampleShape));
        return sampleShape.Aggregate(1, static (size, extent) => checked(size * extent));
    }

    private static ByteSource Opened(string path, Func<SafeFileHandle, ByteSource> create)
    {
        SafeFileHandle? file = null;
        try
        {
            file = File.OpenHandle(path, options: FileOptions.RandomAccess);
            return create(file);
        }
        catch (Exception failure)
        {
            file?.Dispose();
            if (failure is IOException or UnauthorizedAccessException)
                throw new DataException(path, $"expected a readable file: {failure.Message}", failure);
            throw;
        }
    }

    private static int[] ReadIdxShape(string path, SafeFileHandle file)
    {
        const int MaximumAxes = 4;
        Span<byte> header = stackalloc byte[IdxMagic + (sizeof(int) * MaximumAxes)];
        int length = ReadFully(file, header, 0);
        if (length >= 2 && header[0] == 0x1f && header[1] == 0x8b)
            throw new DataException(path, "expected a file that is not compressed, as samples are read where they lie: decompress it first (gunzip)");
        int axes = length < IdxMagic ? 0 : header[3];
        if (length < IdxMagic || header[0] != 0 || header[1] != 0 || header[2] != (byte)IdxElementType.UInt8 || axes is < 2 or > MaximumAxes || length < IdxMagic + (sizeof(int) * axes))
            throw new DataException(path, $"expected an IDX file of bytes with 2 to {MaximumAxes} axes, got one that begins with {Convert.ToHexStringLower(header[..Math.Min(length, IdxMagic)])}");
        int[] shape = new int[axes];
        for (int axis = 0; axis < axes; axis++)
        {
            shape[axis] = BinaryPrimitives.ReadInt32BigEndian(header[(IdxMagic + (sizeof(int) * axis))..]);
            if (shape[axis] < 1)
                throw new DataException(path, string.Create(CultureInfo.InvariantCulture, $"expected an extent of at least 1 for axis {axis}, got {shape[axis]}"));
        }
        return shape;
    }

    private static void RequireLength(string path, SafeFileHandle file, long expected)
    {
        long length = RandomAccess.GetLength(file);
        if (length != expected)
            throw new DataException(path, $"expected {expected} bytes as its header says, got {length}");
    }

    private static int[] ReadRecordLabels(SafeFileHandle file, int count, int record)
    {
        const int ChunkRecords = 256;
        int[] labels = new int[count];
        byte[] buffer = new byte[ChunkRecords * record];
        for (int start = 0; start < count; start += ChunkRecords)
        {
            int records = ReadFully(file, buffer, start * (long)record) / record;
            for (int i = 0; i < records; i++)
                labels[start + i] = buffer[i * record];
        }
        return labels;
    }

    private static int ReadFully(SafeFileHandle file, Span<byte> destination, long offset)
    {
        int done = 0;
        while (done < destination.Length)
        {
            int read = RandomAccess.Read(file, destination[done..], offset + done);
            if (read == 0)
                break;
            done += read;
        }
        return done;
    }
}
