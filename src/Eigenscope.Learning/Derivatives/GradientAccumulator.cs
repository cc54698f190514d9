using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using Eigenscope.Learning.Networks;
using Eigenscope.Numerics.Execution;

namespace Eigenscope.Learning.Derivatives;

/// <summary>
/// Sums the parameter gradients of slices. Matrix products add into a buffer of the network's precision; in single precision it is emptied into a double one every few thousand samples,
/// so that the error does not grow with the number of samples.
/// </summary>
internal sealed class GradientAccumulator<T>(int length)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Vectors shorter than this are not worth waking another thread for.</summary>
    public const int ParallelLength = 1 << 15;
    private const int FlushRows = 4096;
    private readonly T[] _target = new T[length];
    private double[] _flushed = [];
    private bool _hasFlushed;
    private int _rows;
    private int _active = length;

    /// <summary>Where the next slice's products add.</summary>
    public Span<T> Target => _target;

    /// <summary>Starts a sum over the first <paramref name="active"/> entries; the rest is left as it is and must not be used.</summary>
    public void Clear(int active)
    {
        _active = active;
        Array.Clear(_target, 0, active);
        _hasFlushed = false;
        _rows = 0;
    }

    public void EndSlice(int rows)
    {
        _rows += rows;
        if (typeof(T) == typeof(double) || _rows < FlushRows)
            return;
        _rows = 0;
        if (!_hasFlushed)
        {
            if (_flushed.Length == 0)
                _flushed = new double[_target.Length];
            TensorPrimitives.ConvertTruncating<T, double>(_target.AsSpan(0, _active), _flushed);
            _hasFlushed = true;
        }
        else
        {
            AddTarget(_flushed.AsSpan(0, _active), 0);
        }
        Array.Clear(_target, 0, _active);
    }

    /// <summary>Writes the sum of several accumulators, added in their order.</summary>
    public static unsafe void Sum(Compute compute, GradientAccumulator<T>[] accumulators, Span<double> total)
    {
        int length = total.Length;
        fixed (double* pointer = &MemoryMarshal.GetReference(total))
        {
            double* destination = pointer;
            int parts = length < ParallelLength ? 1 : compute.Threads;
            compute.ForEachPart(parts, part =>
            {
                (int start, int count) = Compute.PartRange(length, part, parts);
                Span<double> range = new(destination + start, count);
                TensorPrimitives.ConvertTruncating<T, double>(accumulators[0]._target.AsSpan(start, count), range);
                for (int i = 1; i < accumulators.Length; i++)
                    accumulators[i].AddTarget(range, start);
                foreach (GradientAccumulator<T> accumulator in accumulators)
                    accumulator.AddFlushed(range, start);
            });
        }
    }

    private void AddFlushed(Span<double> range, int start)
    {
        if (_hasFlushed)
            TensorPrimitives.Add(range, _flushed.AsSpan(start, range.Length), range);
    }

    private void AddTarget(Span<double> range, int start)
    {
        if (typeof(T) == typeof(double))
        {
            TensorPrimitives.Add(range, MemoryMarshal.Cast<T, double>(_target.AsSpan(start, range.Length)), range);
            return;
        }
        DoubleSums.Add(MemoryMarshal.Cast<T, float>(_target.AsSpan(start, range.Length)), range);
    }
}
