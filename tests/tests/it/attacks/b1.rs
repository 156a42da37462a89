//! B1: one key, one purpose, and sizes that tell nothing: equal lengths give equal ciphertexts,
//! whatever the text, because nothing is compressed. (Signatures in a foreign context: a1, a2.)

use chatty_e2e::person::Device;
use chatty_e2e::world::World;
use chatty_protocol::ConvId;
use chatty_protocol::frame::ClientFrame;

/// Bytes of ciphertext that left for one text.
async fn size_of(device: &Device, chat: ConvId, text: &str) -> usize {
    device.link.sent();
    device.send(chat, text).await;
    let sent = device.link.sent();
    let sizes = sent.iter().filter_map(|frame| match frame {
        ClientFrame::Send(send) if send.lane == 1 => Some(send.ct.0.len()),
        _ => None,
    });
    sizes.max().expect("it left")
}

/// Text of a length that no packer makes shorter.
fn noise(length: usize) -> String {
    let bytes: Vec<u8> = (0..length.div_ceil(32))
        .flat_map(|_| chatty_e2e::forge::bytes::<32>())
        .collect();
    let letters = bytes.iter().map(|byte| char::from(b'!' + byte % 90));
    letters.take(length).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn b1_a_size_tells_the_length_class_and_nothing_else() {
    let world = World::new().await;
    let (ann, bob) = (world.person("ann").await, world.person("bob").await);
    let chat = world.friends(&ann, &bob).await;
    for length in [10, 900, 5_000, 60_000] {
        let plain = size_of(&ann, chat, &"a".repeat(length)).await;
        let mixed = size_of(&ann, chat, &noise(length)).await;
        assert_eq!(plain, mixed, "{length} letters");
        assert!(plain >= length, "{length} letters became {plain} bytes");
    }
    let (short, long) = (
        size_of(&ann, chat, "no").await,
        size_of(&ann, chat, "yes, with pleasure").await,
    );
    assert_eq!(short, long, "short answers look alike");
}
