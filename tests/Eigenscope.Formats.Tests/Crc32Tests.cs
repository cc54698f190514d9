namespace Eigenscope.Formats.Tests;

public sealed class Crc32Tests
{
    /// <summary>The check value of the CRC-32/ISO-HDLC definition: the checksum of "123456789".</summary>
    [Fact]
    public void The_published_check_value_is_reached_in_pieces_of_any_length()
    {
        for (int cut = 0; cut <= 9; cut++)
        {
            Crc32 crc = new();
            crc.Append("123456789"u8[..cut]);
            crc.Append("123456789"u8[cut..]);
            Assert.Equal(0xcbf43926u, crc.Value);
        }
    }
}
