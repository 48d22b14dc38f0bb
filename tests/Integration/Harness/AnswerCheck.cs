using System.Collections.Concurrent;
using System.IO.Compression;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Xunit;

namespace DispatchCenter.Integration.Harness;

/// <summary>Reads along with every answer of the API and compares its status, type and body with docs/openapi.json.</summary>
public sealed class AnswerCheck : IStartupFilter
{
    private const int ToldAtMost = 40;

    private readonly ConcurrentDictionary<string, string> _wrong = new();

    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        app.Use(async (http, rest) =>
        {
            if (CommittedDocument.Find(http.Request.Method, http.Request.Path) is not { } operation)
            {
                await rest(http);
                return;
            }

            await using var copy = new CopiedBody(http.Response.Body);
            http.Response.Body = copy;
            await rest(http);
            if (http.RequestAborted.IsCancellationRequested) return; // cut short
            var body = HttpMethods.IsHead(http.Request.Method) ? null : Unpacked(http.Response.Headers.ContentEncoding.ToString(), copy.Bytes());
            if (operation.WhyNot(http.Response.StatusCode, http.Response.ContentType, body) is { } why) _wrong.TryAdd($"{operation.Id} {http.Response.StatusCode}", why);
        });
        next(app);
    };

    /// <summary>Fails if an answer was not as the document says.</summary>
    public void Verify()
    {
        if (!_wrong.IsEmpty) Assert.Fail($"These answers are not as docs/openapi.json says:\n{string.Join('\n', _wrong.Take(ToldAtMost).Select(wrong => $"{wrong.Key}: {wrong.Value}"))}");
    }

    private static byte[] Unpacked(string encoding, byte[] body)
    {
        if (encoding.Length == 0 || body.Length == 0) return body;
        using var packed = new MemoryStream(body);
        using Stream plain = encoding == "br" ? new BrotliStream(packed, CompressionMode.Decompress) : new GZipStream(packed, CompressionMode.Decompress);
        using var all = new MemoryStream();
        plain.CopyTo(all);
        return all.ToArray();
    }

    /// <summary>Passes on what is written and keeps a copy; nothing is held back.</summary>
    private sealed class CopiedBody(Stream body) : Stream
    {
        private readonly MemoryStream _copy = new();

        public byte[] Bytes() => _copy.ToArray();

        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override void Flush() => body.Flush();

        public override Task FlushAsync(CancellationToken cancellationToken) => body.FlushAsync(cancellationToken);

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count)
        {
            _copy.Write(buffer, offset, count);
            body.Write(buffer, offset, count);
        }

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            _copy.Write(buffer.Span);
            return body.WriteAsync(buffer, cancellationToken);
        }

        public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();
    }
}
